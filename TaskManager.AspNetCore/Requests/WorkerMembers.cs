using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace TaskManager.AspNetCore.Requests;

/// <summary>Reads the values that workers' bodies are made of.</summary>
internal static class WorkerMembers
{
    /// <summary>How large a checkpoint may be, in a heartbeat as in a release.</summary>
    public const int MaxCheckpointBytes = 64 * 1024;

    private const int MaxCodeLength = 64;

    private static readonly Dictionary<string, LogLevel> Levels = Enum.GetValues<LogLevel>()
        .Where(level => level != LogLevel.None)
        .ToDictionary(level => JsonNamingPolicy.SnakeCaseLower.ConvertName(level.ToString()), StringComparer.Ordinal);

    public static int ReadCount(ref Utf8JsonReader reader, string path, int most, ValidationFaults faults)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int count) && count >= 1 && count <= most)
        {
            return count;
        }

        SubmitMembers.Refuse<bool>(ref reader, path, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from 1 to {most}"), faults);
        return 1;
    }

    public static TimeSpan ReadSeconds(ref Utf8JsonReader reader, string path, double most, ValidationFaults faults)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out double seconds) && seconds >= 0 && seconds <= most)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        SubmitMembers.Refuse<bool>(ref reader, path, string.Create(CultureInfo.InvariantCulture, $"must be a number of seconds from 0 to {most}"), faults);
        return TimeSpan.Zero;
    }

    /// <summary>Reads how long is wanted, of which no more than so much is given.</summary>
    public static TimeSpan ReadSecondsAtMost(ref Utf8JsonReader reader, string path, double most, ValidationFaults faults)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out double seconds) && seconds >= 0)
        {
            return TimeSpan.FromSeconds(Math.Min(seconds, most));
        }

        SubmitMembers.Refuse<bool>(ref reader, path, "must be a number of seconds of at least 0", faults);
        return TimeSpan.Zero;
    }

    public static bool ReadFlag(ref Utf8JsonReader reader, string path, ValidationFaults faults)
    {
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False)
        {
            return reader.GetBoolean();
        }

        return SubmitMembers.Refuse<bool>(ref reader, path, "must be true or false", faults);
    }

    public static Guid ReadId(ref Utf8JsonReader reader, string path, string what, ValidationFaults faults)
    {
        if (reader.TokenType == JsonTokenType.String && Guid.TryParseExact(JsonBody.Text(ref reader), "D", out Guid id))
        {
            return id;
        }

        return SubmitMembers.Refuse<Guid>(ref reader, path, $"must be {what}", faults);
    }

    /// <summary>Takes any JSON as it is.</summary>
    public static JsonPayload ReadAny(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body)
    {
        int start = (int)reader.TokenStartIndex;
        JsonBody.Skip(ref reader);
        return new JsonPayload(JsonBody.CopyOnOneLine(body.Span[start..(int)reader.BytesConsumed]), Value: null);
    }

    /// <summary>Reads what the next attempt shall begin with.</summary>
    public static JsonPayload ReadCheckpoint(ref Utf8JsonReader reader, string path, ReadOnlyMemory<byte> body, ValidationFaults faults)
    {
        JsonPayload checkpoint = ReadAny(ref reader, body);
        if (checkpoint.Utf8.Length > MaxCheckpointBytes)
        {
            faults.Add(path, string.Create(CultureInfo.InvariantCulture, $"must have at most {MaxCheckpointBytes} bytes of JSON, not {checkpoint.Utf8.Length}."));
        }

        return checkpoint;
    }

    public static TaskProgress ReadProgress(ref Utf8JsonReader reader, string path, ValidationFaults faults)
    {
        double step = 0;
        double total = 0;
        string? message = null;
        new ObjectReader(faults)
            .Required("step", (ref reader, member) => step = ReadSteps(ref reader, member, faults))
            .Optional("total", (ref reader, member) => total = ReadSteps(ref reader, member, faults))
            .Optional("message", (ref reader, member) => message = SubmitMembers.ReadText(ref reader, member, faults))
            .Read(ref reader, path);
        return new TaskProgress(step, total, message);
    }

    public static TaskError ReadError(ref Utf8JsonReader reader, string path, ValidationFaults faults)
    {
        string? code = null;
        string? message = null;
        new ObjectReader(faults)
            .Required("code", (ref reader, member) => code = ReadCode(ref reader, member, faults))
            .Required("message", (ref reader, member) => message = SubmitMembers.ReadText(ref reader, member, faults))
            .Read(ref reader, path);
        return new TaskError(code ?? string.Empty, message ?? string.Empty);
    }

    public static (LogLevel Level, string Message) ReadLine(ref Utf8JsonReader reader, string path, ValidationFaults faults)
    {
        LogLevel level = LogLevel.Information;
        string message = string.Empty;
        new ObjectReader(faults)
            .Optional("level", (ref reader, member) => level = SubmitMembers.ReadName(ref reader, member, Levels, faults) ?? level)
            .Required("message", (ref reader, member) => message = SubmitMembers.ReadText(ref reader, member, faults) ?? message)
            .Read(ref reader, path);
        return (level, message);
    }

    private static double ReadSteps(ref Utf8JsonReader reader, string path, ValidationFaults faults)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out double steps) && double.IsFinite(steps) && steps >= 0)
        {
            return steps;
        }

        return SubmitMembers.Refuse<double>(ref reader, path, "must be a number of at least 0", faults);
    }

    private static string? ReadCode(ref Utf8JsonReader reader, string path, ValidationFaults faults)
    {
        string? code = SubmitMembers.ReadText(ref reader, path, faults);
        if (code is not null && (code.Length is 0 or > MaxCodeLength || !code.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '_' or '-' or '.')))
        {
            faults.Add(path, $"must have 1 to {MaxCodeLength} letters, digits, '_', '-' or '.', not \"{ValidationFaults.Show(code)}\".");
        }

        return code;
    }
}
