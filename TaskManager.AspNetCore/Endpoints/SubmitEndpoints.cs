using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TaskManager.AspNetCore.Answers;
using TaskManager.AspNetCore.Requests;

namespace TaskManager.AspNetCore.Endpoints;

/// <summary><c>POST /tasks</c>.</summary>
internal sealed class SubmitEndpoints(HttpSurface surface, TaskAnswers answers)
{
    public async Task SubmitAsync(HttpContext context)
    {
        AcceptHeader.Choose(context, Answer.JsonType);
        var faults = new ValidationFaults();
        string? key = IdempotencyKeyHeader.Read(context, faults);
        byte[] body = await RequestBody.ReadJsonAsync(context, surface.Limits.MaxParametersBytes + RequestBody.EnvelopeBytes).ConfigureAwait(false);
        TaskRequest request = Read(body, key, faults);
        SubmitResult result = await surface.Tasks.TrySubmitAsync(request, context.RequestAborted).ConfigureAwait(false);
        if (result is not SubmitResult.Accepted accepted)
        {
            await surface.Answer.SendAsync(context, SubmitProblems.Of(result, surface.Tasks.Types)).ConfigureAwait(false);
            return;
        }

        await SendAsync(context, accepted).ConfigureAwait(false);
    }

    private static TaskRequest Read(byte[] body, string? key, ValidationFaults faults)
    {
        byte[] fingerprint = key is null ? [] : SHA256.HashData(body);
        Utf8JsonReader reader = JsonBody.Begin(body);
        TaskRequest request = SubmitReader.Read(ref reader, body, key, fingerprint, faults);
        JsonBody.End(ref reader);
        return request;
    }

    private async Task SendAsync(HttpContext context, SubmitResult.Accepted accepted)
    {
        TaskRecord record = accepted.Task;
        IHeaderDictionary headers = context.Response.Headers;
        headers.Location = LocationOf(context, record.Id);
        switch (accepted.Outcome)
        {
            case AddOutcome.Replayed:
                headers["Idempotency-Replayed"] = "true";
                break;
            case AddOutcome.JoinedUnique:
                headers["Task-Reused"] = "unique-key";
                break;
            case AddOutcome.ReusedResult:
                headers["Task-Reused"] = "result";
                break;
        }

        int status = accepted.Outcome == AddOutcome.ReusedResult ? StatusCodes.Status200OK : StatusCodes.Status202Accepted;
        if (PreferHeader.ReadWait(context) is { } wait && await LongPoll.TryForEndAsync(surface.Tasks, context, record, wait).ConfigureAwait(false) is { } latest)
        {
            PreferHeader.Applied(context, wait);
            record = latest;
            status = record.IsDone ? StatusCodes.Status200OK : status;
        }

        await answers.SendAsync(context, status, record).ConfigureAwait(false);
    }

    // Built from the path of the request and the id alone: nothing that a client sent gets into a header.
    private static string LocationOf(HttpContext context, Guid id)
    {
        string path = (context.Request.PathBase + context.Request.Path).ToUriComponent().TrimEnd('/');
        return string.Create(CultureInfo.InvariantCulture, $"{path}/{id}");
    }
}
