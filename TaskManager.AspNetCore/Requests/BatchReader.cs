using System.Globalization;
using System.Text.Json;

namespace TaskManager.AspNetCore.Requests;

/// <summary>Reads many submissions: a JSON array, or one value a line.</summary>
internal static class BatchReader
{
    public const int MaxItems = 10_000;
    public const int MaxBytes = 8 * 1024 * 1024;

    private static readonly string TooMany = string.Create(CultureInfo.InvariantCulture, $"must have at most {MaxItems} items.");

    /// <summary>Reads an array. A fault of syntax anywhere is one of the whole body.</summary>
    public static IReadOnlyList<TaskRequest> ReadArray(ReadOnlyMemory<byte> body, ValidationFaults faults)
    {
        var requests = new List<TaskRequest>();
        Utf8JsonReader reader = JsonBody.Begin(body.Span);
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            faults.Add("body", "must be an array of submissions.");
            JsonBody.Skip(ref reader);
            JsonBody.End(ref reader);
            return requests;
        }

        while (JsonBody.Read(ref reader) && reader.TokenType != JsonTokenType.EndArray)
        {
            if (HasRoom(requests, faults))
            {
                requests.Add(SubmitReader.Read(ref reader, body));
            }
            else
            {
                JsonBody.Skip(ref reader);
            }
        }

        JsonBody.End(ref reader);
        return requests;
    }

    /// <summary>Reads lines; empty ones are skipped. A fault of syntax is one of its line alone.</summary>
    public static IReadOnlyList<TaskRequest> ReadLines(ReadOnlyMemory<byte> body, ValidationFaults faults)
    {
        var requests = new List<TaskRequest>();
        int start = 0;
        while (start < body.Length)
        {
            int length = body.Span[start..].IndexOf((byte)'\n');
            ReadOnlyMemory<byte> line = length < 0 ? body[start..] : body.Slice(start, length);
            start += line.Length + 1;
            if (!line.Span.Trim("\r\t "u8).IsEmpty && HasRoom(requests, faults))
            {
                requests.Add(ReadLine(line));
            }
        }

        return requests;
    }

    private static TaskRequest ReadLine(ReadOnlyMemory<byte> line)
    {
        try
        {
            Utf8JsonReader reader = JsonBody.Begin(line.Span);
            TaskRequest request = SubmitReader.Read(ref reader, line);
            JsonBody.End(ref reader);
            return request;
        }
        catch (RequestRefusedException refused)
        {
            var faults = new ValidationFaults();
            faults.Add("body", $"is not valid JSON: {refused.Problem.Detail}");
            return new TaskRequest(TaskType: null, Parameters: null, Faults: faults);
        }
    }

    private static bool HasRoom(List<TaskRequest> requests, ValidationFaults faults)
    {
        if (requests.Count == MaxItems)
        {
            faults.Add("body", TooMany);
        }

        return requests.Count < MaxItems;
    }
}
