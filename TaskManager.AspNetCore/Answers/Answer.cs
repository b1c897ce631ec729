using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.ObjectPool;
using TaskManager.AspNetCore.Requests;

namespace TaskManager.AspNetCore.Answers;

/// <summary>Sends JSON and problem details.</summary>
internal sealed class Answer(ObjectPool<JsonBuffer> buffers)
{
    public const string JsonType = "application/json";

    public const string ProblemType = "application/problem+json";

    /// <summary>Takes a buffer; give it back to <see cref="Return"/>.</summary>
    public JsonBuffer Rent() => buffers.Get();

    public void Return(JsonBuffer buffer) => buffers.Return(buffer);

    /// <summary>Sends one JSON value.</summary>
    public async Task SendAsync<TState>(HttpContext context, int status, TState state, Action<Utf8JsonWriter, TState> write)
    {
        JsonBuffer buffer = buffers.Get();
        try
        {
            write(buffer.Writer, state);
            await SendAsync(context, status, JsonType, buffer.Written).ConfigureAwait(false);
        }
        finally
        {
            buffers.Return(buffer);
        }
    }

    public async Task SendAsync(HttpContext context, Problem problem)
    {
        if (problem.RetryAfterSeconds is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        JsonBuffer buffer = buffers.Get();
        try
        {
            Write(buffer.Writer, problem, context);
            await SendAsync(context, problem.Status, ProblemType, buffer.Written).ConfigureAwait(false);
        }
        finally
        {
            buffers.Return(buffer);
        }
    }

    /// <summary>Sends what is written already.</summary>
    public static async Task SendAsync(HttpContext context, int status, string contentType, ReadOnlyMemory<byte> body)
    {
        HttpResponse response = context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        if (!context.Request.IsHead())
        {
            await response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
        }
    }

    /// <summary>Writes problem details as a value, which may stand inside another answer; inside a message there is no request to name.</summary>
    public static void Write(Utf8JsonWriter writer, Problem problem, HttpContext? context)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, $"urn:taskmanager:problem:{problem.Name}");
        writer.WriteString("title"u8, problem.Title);
        writer.WriteNumber("status"u8, problem.Status);
        writer.WriteString("detail"u8, problem.Detail);
        if (context is not null)
        {
            writer.WriteString("instance"u8, context.Request.Path.Value);
            writer.WriteString("trace_id"u8, Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier);
        }

        if (problem.CurrentStatus is { } current)
        {
            writer.WriteString("current_status"u8, current);
        }

        if (problem.RetryAfterSeconds is { } seconds)
        {
            writer.WriteNumber("retry_after_seconds"u8, seconds);
        }

        WriteErrors(writer, problem.Errors);
        if (problem.KnownTaskTypes is { } known)
        {
            writer.WriteStartArray("known_task_types"u8);
            foreach (string name in known)
            {
                writer.WriteStringValue(name);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteErrors(Utf8JsonWriter writer, IReadOnlyDictionary<string, IReadOnlyList<string>>? errors)
    {
        if (errors is null)
        {
            return;
        }

        writer.WriteStartObject("errors"u8);
        foreach ((string field, IReadOnlyList<string> messages) in errors)
        {
            writer.WriteStartArray(field);
            foreach (string message in messages)
            {
                writer.WriteStringValue(message);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
