using System.Globalization;
using Microsoft.AspNetCore.Http;
using TaskManager.AspNetCore.Answers;
using TaskManager.AspNetCore.Requests;

namespace TaskManager.AspNetCore.Endpoints;

/// <summary><c>POST /tasks/batch</c>.</summary>
internal sealed class BatchEndpoints(HttpSurface surface)
{
    /// <summary>
    /// The size, in bytes, from which on items are answered in their small form. What is submitted anew stays below it, since it came in a body of a quarter of that; but thousands of
    /// small items can join the same large task, or have a hundred faults each.
    /// </summary>
    private const int LargestWhole = 4 * BatchReader.MaxBytes;

    public async Task SubmitAsync(HttpContext context)
    {
        AcceptHeader.Choose(context, Answer.JsonType);
        var faults = new ValidationFaults();
        bool atomic = ReadAtomic(context, faults);
        IReadOnlyList<TaskRequest> requests = await ReadAsync(context, faults).ConfigureAwait(false);
        RequestRefusedException.ThrowIfAny(faults);
        IReadOnlyList<SubmitResult> results = await surface.Tasks.TrySubmitManyAsync(requests, atomic, context.RequestAborted).ConfigureAwait(false);
        if (atomic && Refusal(results) is { } refusal)
        {
            throw new RequestRefusedException(refusal);
        }

        var reasons = new TaskWaitReason?[results.Count];
        for (int i = 0; i < reasons.Length; i++)
        {
            reasons[i] = results[i] is SubmitResult.Accepted accepted
                ? await surface.Tasks.ExplainAsync(accepted.Task, context.RequestAborted).ConfigureAwait(false)
                : null;
        }

        await surface.Answer.SendAsync(
            context,
            StatusCodes.Status200OK,
            (surface, context, results, reasons),
            static (writer, state) =>
            {
                writer.WriteStartArray();
                for (int i = 0; i < state.results.Count; i++)
                {
                    bool isSmall = writer.BytesCommitted + writer.BytesPending >= LargestWhole;
                    writer.WriteStartObject();
                    writer.WriteNumber("index"u8, i);
                    if (state.results[i] is SubmitResult.Accepted accepted)
                    {
                        writer.WritePropertyName("task"u8);
                        TaskAnswers.Write(writer, state.surface, accepted.Task, state.reasons[i], isSmall ? TaskAnswers.Form.Status : TaskAnswers.Form.Whole);
                    }
                    else
                    {
                        writer.WritePropertyName("problem"u8);
                        Problem problem = SubmitProblems.Of(state.results[i], state.surface.Tasks.Types);
                        Answer.Write(writer, isSmall ? problem.WithoutLists() : problem, state.context);
                    }

                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            }).ConfigureAwait(false);
    }

    private static bool ReadAtomic(HttpContext context, ValidationFaults faults)
    {
        if (context.Request.Headers.ContainsKey(IdempotencyKeyHeader.Name))
        {
            faults.Add(IdempotencyKeyHeader.Name, "must not be given: it makes one submission repeatable, not a batch.");
        }

        return QueryReader.ReadFlag(context, "atomic", faults);
    }

    private static async Task<IReadOnlyList<TaskRequest>> ReadAsync(HttpContext context, ValidationFaults faults)
    {
        string? type = context.Request.ContentType;
        bool isLines = RequestBody.IsMediaType(type, ListEndpoints.LinesType);
        if (!isLines && !RequestBody.IsMediaType(type, Answer.JsonType))
        {
            throw new RequestRefusedException(Problems.UnsupportedMediaType(type, $"{Answer.JsonType} or {ListEndpoints.LinesType}"));
        }

        byte[] body = await RequestBody.ReadAsync(context, BatchReader.MaxBytes).ConfigureAwait(false);
        return isLines ? BatchReader.ReadLines(body, faults) : BatchReader.ReadArray(body, faults);
    }

    /// <summary>Says why an atomic batch was refused: the faults of all its items, or what stands against the whole of it.</summary>
    private Problem? Refusal(IReadOnlyList<SubmitResult> results)
    {
        var faults = new ValidationFaults();
        SubmitResult? whole = null;
        for (int i = 0; i < results.Count; i++)
        {
            IReadOnlyDictionary<string, IReadOnlyList<string>>? errors = results[i] switch
            {
                SubmitResult.Invalid invalid => invalid.Errors,
                SubmitResult.UnknownType unknown => unknown.Errors,
                _ => null,
            };
            foreach ((string field, IReadOnlyList<string> messages) in errors ?? new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal))
            {
                foreach (string message in messages)
                {
                    faults.Add(string.Create(CultureInfo.InvariantCulture, $"[{i}].{field}"), message);
                }
            }

            if (errors is null && results[i] is not (SubmitResult.Accepted or SubmitResult.NotTried))
            {
                whole ??= results[i];
            }
        }

        return !faults.IsEmpty ? Problems.Invalid(faults.ByField()) : whole is null ? null : SubmitProblems.Of(whole, surface.Tasks.Types);
    }
}
