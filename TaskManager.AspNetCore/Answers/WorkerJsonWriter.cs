using System.Text.Json;

namespace TaskManager.AspNetCore.Answers;

/// <summary>Writes what workers are answered.</summary>
internal static class WorkerJsonWriter
{
    public static void WriteList(Utf8JsonWriter writer, IReadOnlyList<WorkerStatus> workers)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("items"u8);
        foreach (WorkerStatus worker in workers)
        {
            WriteWorker(writer, worker);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void WriteRegistered(Utf8JsonWriter writer, WorkerRegistration registration, RegisterResult.Registered registered)
    {
        writer.WriteStartObject();
        WriteRegistration(writer, registration);
        writer.WriteNumber("lease_seconds"u8, registered.LeaseDuration.TotalSeconds);
        writer.WriteNumber("heartbeat_seconds"u8, registered.HeartbeatInterval.TotalSeconds);
        writer.WriteEndObject();
    }

    /// <summary>Writes claimed tasks: the only place where a lease's token is ever shown.</summary>
    public static void WriteClaimed(Utf8JsonWriter writer, IReadOnlyList<TaskRecord> tasks, TimeSpan leaseDuration)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("tasks"u8);
        foreach (TaskRecord task in tasks)
        {
            WriteClaimed(writer, task, leaseDuration);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void WriteDirectives(Utf8JsonWriter writer, HeartbeatAnswer answer)
    {
        writer.WriteStartObject();
        writer.WriteString("worker"u8, NameOf(answer.Worker));
        writer.WriteStartArray("tasks"u8);
        foreach (TaskDirective task in answer.Tasks)
        {
            writer.WriteStartObject();
            writer.WriteString("task_id"u8, task.TaskId);
            writer.WriteString("directive"u8, NameOf(task.Directive));
            writer.WriteNumber("lease_seconds"u8, task.LeaseDuration.TotalSeconds);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static string NameOf(WorkerDirective directive) => directive switch
    {
        WorkerDirective.Run => "run",
        WorkerDirective.Quiet => "quiet",
        WorkerDirective.Terminate => "terminate",
        _ => throw new ArgumentOutOfRangeException(nameof(directive), directive, "No such directive."),
    };

    public static string NameOf(LeaseDirective directive) => directive switch
    {
        LeaseDirective.Continue => "continue",
        LeaseDirective.Cancel => "cancel",
        LeaseDirective.Pause => "pause",
        LeaseDirective.Lost => "lost",
        _ => throw new ArgumentOutOfRangeException(nameof(directive), directive, "No such directive."),
    };

    private static void WriteWorker(Utf8JsonWriter writer, WorkerStatus worker)
    {
        writer.WriteStartObject();
        WriteRegistration(writer, worker.Registration);
        writer.WriteBoolean("alive"u8, worker.IsAlive);
        writer.WriteString("registered_at"u8, worker.RegisteredAt.UtcDateTime);
        writer.WriteString("seen_at"u8, worker.SeenAt.UtcDateTime);
        writer.WriteNumber("busy"u8, worker.TaskIds.Count);
        writer.WriteStartArray("task_ids"u8);
        foreach (Guid id in worker.TaskIds)
        {
            writer.WriteStringValue(id);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteRegistration(Utf8JsonWriter writer, WorkerRegistration registration)
    {
        writer.WriteString("worker_id"u8, registration.WorkerId);
        writer.WriteString("incarnation"u8, registration.Incarnation);
        writer.WriteStartArray("task_types"u8);
        foreach (string type in registration.TaskTypes)
        {
            writer.WriteStringValue(type);
        }

        writer.WriteEndArray();
        if (registration.Slots is { } slots)
        {
            writer.WriteNumber("slots"u8, slots);
        }
        else
        {
            writer.WriteNull("slots"u8);
        }

        writer.WriteStartObject("labels"u8);
        foreach ((string key, string value) in registration.Labels ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }

    private static void WriteClaimed(Utf8JsonWriter writer, in TaskRecord task, TimeSpan leaseDuration)
    {
        TaskDefinition definition = task.Definition;
        writer.WriteStartObject();
        writer.WriteString("task_id"u8, task.Id);
        writer.WriteString("task_type"u8, definition.Type.Name);
        writer.WriteNumber("attempt"u8, task.Status.Attempt);
        writer.WriteString("lease_token"u8, task.Status.Lease!.Token);
        writer.WriteNumber("lease_seconds"u8, leaseDuration.TotalSeconds);
        writer.WritePropertyName("timeout_seconds"u8);
        if (definition.Timeout == Timeout.InfiniteTimeSpan)
        {
            writer.WriteNullValue();
        }
        else
        {
            writer.WriteNumberValue(definition.Timeout.TotalSeconds);
        }

        WritePayload(writer, "parameters"u8, (JsonPayload)definition.Parameters!);
        WritePayload(writer, "checkpoint"u8, task.Status.Checkpoint);
        writer.WriteString("traceparent"u8, definition.TraceParent);
        writer.WriteEndObject();
    }

    private static void WritePayload(Utf8JsonWriter writer, ReadOnlySpan<byte> name, JsonPayload? payload)
    {
        writer.WritePropertyName(name);
        if (payload is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            writer.WriteRawValue(payload.Utf8.Span, skipInputValidation: true);
        }
    }
}
