using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace TaskManager.AspNetCore.Answers;

/// <summary>Writes events and lines of logs as they stand on the wire.</summary>
internal static class EventJsonWriter
{
    public static string NameOf(TaskEvent happened) => happened switch
    {
        TaskStatusEvent => "status",
        TaskProgressEvent => "progress",
        TaskLogEvent => "log",
        TaskResetEvent => "reset",
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, "No such event."),
    };

    /// <summary>Writes the data of an event; of a reset, the task as it stands.</summary>
    public static void WriteData(Utf8JsonWriter writer, TaskEvent happened, Action<Utf8JsonWriter, TaskRecord> writeTask)
    {
        if (happened is TaskResetEvent { Record: { } record })
        {
            writeTask(writer, record);
            return;
        }

        writer.WriteStartObject();
        if (happened is not TaskResetEvent)
        {
            writer.WriteString("task_id"u8, happened.TaskId);
        }

        switch (happened)
        {
            case TaskStatusEvent status:
                WriteStatus(writer, status);
                break;
            case TaskProgressEvent progress:
                TaskJsonWriter.WriteProgress(writer, progress.Progress);
                break;
            case TaskLogEvent log:
                writer.WriteString("level"u8, LevelName(log.Level));
                writer.WriteString("message"u8, log.Message);
                break;
        }

        writer.WriteString("at"u8, happened.At.UtcDateTime);
        writer.WriteEndObject();
    }

    public static void WriteLine(Utf8JsonWriter writer, TaskLogEntry line)
    {
        writer.WriteStartObject();
        writer.WriteNumber("seq"u8, line.Sequence);
        writer.WriteString("level"u8, LevelName(line.Level));
        writer.WriteString("message"u8, line.Message);
        writer.WriteString("at"u8, line.At.UtcDateTime);
        writer.WriteEndObject();
    }

    public static string LevelName(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "information",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        LogLevel.Critical => "critical",
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "No such level."),
    };

    private static void WriteStatus(Utf8JsonWriter writer, TaskStatusEvent status)
    {
        writer.WriteString("task_type"u8, status.TaskType);
        writer.WriteString("status"u8, status.State.WireName());
        writer.WriteNumber("version"u8, status.Version);
        writer.WriteNumber("attempt"u8, status.Attempt);
        if (status.Error is { } error)
        {
            TaskJsonWriter.WriteError(writer, error);
        }
    }
}
