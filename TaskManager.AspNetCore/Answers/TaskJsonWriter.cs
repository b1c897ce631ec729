using System.Text.Json;

namespace TaskManager.AspNetCore.Answers;

/// <summary>Writes a task as everyone sees it.</summary>
internal sealed class TaskJsonWriter(int maxResultBytes)
{
    /// <summary>Writes the whole task.</summary>
    public void WriteTask(Utf8JsonWriter writer, in TaskRecord record, TaskWaitReason? waitingFor, ClockReading now)
    {
        TaskDefinition definition = record.Definition;
        LifecycleStatus status = record.Status;
        SubmitOptions options = definition.Options;
        writer.WriteStartObject();
        WriteStanding(writer, record);
        writer.WriteNumber("version"u8, status.Version);
        writer.WriteNumber("attempt"u8, status.Attempt);
        writer.WriteNumber("failures"u8, status.Failures);
        writer.WriteNumber("rescues"u8, status.Rescues);
        writer.WriteNumber("max_attempts"u8, definition.MaxAttempts);
        writer.WriteString("priority"u8, PriorityName(options.Priority));
        WriteParameters(writer, definition);
        WriteResult(writer, record);
        WriteError(writer, status.Error);
        WriteProgress(writer, record.Progress);
        writer.WriteBoolean("cancel_requested"u8, status is { CancelRequested: true, State: TaskState.Processing });
        writer.WriteBoolean("pause_requested"u8, status.PauseRequested);
        WriteWaitReason(writer, waitingFor);
        WriteIds(writer, "depends_on"u8, options.DependsOn);
        WriteStrings(writer, "tags"u8, options.Tags);
        writer.WriteString("fairness_key"u8, options.FairnessKey);
        writer.WriteString("unique_key"u8, options.UniqueKey);
        JsonMoment.Write(writer, "created_at"u8, definition.Created.Utc);
        JsonMoment.Write(writer, "run_at"u8, options.RunAt);
        WriteTimes(writer, record, now);
        writer.WriteString("worker"u8, status.Lease?.Worker);
        AttemptJsonWriter.WriteAll(writer, record);
        writer.WriteEndObject();
    }

    /// <summary>Writes the small form.</summary>
    public static void WriteStatus(Utf8JsonWriter writer, in TaskRecord record, TaskWaitReason? waitingFor, ClockReading now)
    {
        writer.WriteStartObject();
        WriteStanding(writer, record);
        writer.WriteNumber("version"u8, record.Status.Version);
        writer.WriteNumber("attempt"u8, record.Status.Attempt);
        WriteProgress(writer, record.Progress);
        WriteWaitReason(writer, waitingFor);
        JsonMoment.Write(writer, "created_at"u8, record.Definition.Created.Utc);
        WriteTimes(writer, record, now);
        writer.WriteEndObject();
    }

    /// <summary>Writes how a task ended, or that it has not.</summary>
    public void WriteOutcome(Utf8JsonWriter writer, in TaskRecord record, ClockReading now)
    {
        writer.WriteStartObject();
        writer.WriteString("task_id"u8, record.Id);
        writer.WriteString("status"u8, record.State.WireName());
        WriteResult(writer, record);
        WriteError(writer, record.Status.Error);
        WriteDurations(writer, record, now);
        writer.WriteEndObject();
    }

    public static string PriorityName(TaskPriority priority) => priority switch
    {
        TaskPriority.Low => "low",
        TaskPriority.Normal => "normal",
        TaskPriority.High => "high",
        TaskPriority.Critical => "critical",
        _ => throw new ArgumentOutOfRangeException(nameof(priority), priority, "No such priority."),
    };

    private static void WriteStanding(Utf8JsonWriter writer, in TaskRecord record)
    {
        writer.WriteString("task_id"u8, record.Id);
        writer.WriteString("task_type"u8, record.Definition.Type.Name);
        writer.WriteString("status"u8, record.State.WireName());
        writer.WriteBoolean("done"u8, record.IsDone);
    }

    private static void WriteTimes(Utf8JsonWriter writer, in TaskRecord record, ClockReading now)
    {
        JsonMoment.Write(writer, "started_at"u8, record.Status.StartedAt);
        JsonMoment.Write(writer, "finished_at"u8, record.Status.FinishedAt);
        WriteDurations(writer, record, now);
    }

    private static void WriteDurations(Utf8JsonWriter writer, in TaskRecord record, ClockReading now)
    {
        JsonSeconds.Write(writer, "wait_seconds"u8, record.Waited(now));
        JsonSeconds.Write(writer, "run_seconds"u8, record.Ran(now));
    }

    private void WriteParameters(Utf8JsonWriter writer, TaskDefinition definition)
    {
        writer.WritePropertyName("parameters"u8);
        if (definition.Parameters is JsonPayload payload)
        {
            writer.WriteRawValue(payload.Utf8.Span, skipInputValidation: true);
        }
        else if (definition.Type.TrySerializeParameters(definition.Parameters, maxResultBytes, out _) is { } serialized)
        {
            writer.WriteRawValue(serialized.Utf8.Span, skipInputValidation: true);
        }
        else
        {
            writer.WriteNullValue(); // submitted in process, where anything may be a parameter
        }
    }

    private void WriteResult(Utf8JsonWriter writer, in TaskRecord record)
    {
        TaskError? error = null;
        JsonPayload? payload = record.Status.Result as JsonPayload;
        if (payload is null && record.State == TaskState.Completed)
        {
            // Submitted in process: the value was kept as it is, and may not be one that can be written.
            payload = record.Definition.Type.TrySerializeResult(record.Status.Result, maxResultBytes, out error);
        }

        writer.WritePropertyName("result"u8);
        if (payload is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            writer.WriteRawValue(payload.Utf8.Span, skipInputValidation: true);
        }

        if (error is not null)
        {
            writer.WritePropertyName("result_error"u8);
            WriteErrorValue(writer, error);
        }
    }

    public static void WriteError(Utf8JsonWriter writer, TaskError? error)
    {
        writer.WritePropertyName("error"u8);
        WriteErrorValue(writer, error);
    }

    private static void WriteErrorValue(Utf8JsonWriter writer, TaskError? error)
    {
        if (error is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("code"u8, error.Code);
        writer.WriteString("message"u8, error.Message);
        writer.WriteString("type"u8, error.Type);
        writer.WriteEndObject();
    }

    public static void WriteProgress(Utf8JsonWriter writer, TaskProgress? progress)
    {
        writer.WritePropertyName("progress"u8);
        if (progress is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        writer.WriteNumber("step"u8, progress.Step);
        writer.WriteNumber("total"u8, progress.Total);
        writer.WriteNumber("percent"u8, progress.Percent);
        writer.WriteString("message"u8, progress.Message);
        writer.WriteEndObject();
    }

    private static void WriteWaitReason(Utf8JsonWriter writer, TaskWaitReason? reason)
    {
        writer.WritePropertyName("waiting_for"u8);
        if (reason is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("reason"u8, reason.Reason);
        if (reason.Until is { } until)
        {
            JsonMoment.Write(writer, "until"u8, until);
        }

        if (reason.TaskIds is { } ids)
        {
            WriteIds(writer, "task_ids"u8, ids);
        }

        if (reason.TaskType is { } type)
        {
            writer.WriteString("task_type"u8, type.Name);
            WriteLimits(writer, type);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes what limits the tasks of a type.</summary>
    public static void WriteLimits(Utf8JsonWriter writer, TaskType type)
    {
        if (type.MaxConcurrency is { } most)
        {
            writer.WriteNumber("max_concurrency"u8, most);
        }
        else
        {
            writer.WriteNull("max_concurrency"u8);
        }

        if (type.Rate is { } rate)
        {
            writer.WriteStartObject("rate"u8);
            writer.WriteNumber("count"u8, rate.Count);
            writer.WriteNumber("per_seconds"u8, rate.Per.TotalSeconds);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNull("rate"u8);
        }
    }

    private static void WriteIds(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<Guid> ids)
    {
        writer.WriteStartArray(name);
        foreach (Guid id in ids)
        {
            writer.WriteStringValue(id);
        }

        writer.WriteEndArray();
    }

    private static void WriteStrings(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<string> values)
    {
        writer.WriteStartArray(name);
        foreach (string value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}
