using System.Text.Json;

namespace TaskManager.AspNetCore.Answers;

/// <summary>Writes the attempts of a task: those that ended, and the one that lives or ended with it.</summary>
internal static class AttemptJsonWriter
{
    public static void WriteAll(Utf8JsonWriter writer, in TaskRecord record)
    {
        LifecycleStatus status = record.Status;
        writer.WriteStartArray("attempts"u8);
        for (int i = 0; i < status.EarlierAttempts.Count; i++)
        {
            TaskAttempt attempt = status.EarlierAttempts[i];
            BeginAttempt(writer, attempt.Number, attempt.Worker, attempt.StartedAt, attempt.FinishedAt, attempt.Outcome, attempt.Error);
            WriteLateReports(writer, attempt.LateReportCount, attempt.LateReports);
            writer.WriteEndObject();
        }

        if (status.HasLiveAttempt || status.LastOutcome != AttemptOutcome.None)
        {
            // Straight from the status: most tasks have had one attempt, and pages are full of them.
            TaskLease lease = status.Lease!;
            DateTimeOffset? finishedAt = status.LastOutcome == AttemptOutcome.None ? null : status.FinishedAt;
            BeginAttempt(writer, status.Attempt, lease.Worker, status.StartedAt, finishedAt, status.LastOutcome, status.Error);
            WriteLateReports(writer, lease.LateReportCount, lease.KeptLateReports);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void BeginAttempt(
        Utf8JsonWriter writer, int number, string worker, DateTimeOffset? startedAt, DateTimeOffset? finishedAt, AttemptOutcome outcome, TaskError? error)
    {
        writer.WriteStartObject();
        writer.WriteNumber("attempt"u8, number);
        writer.WriteString("worker"u8, worker);
        JsonMoment.Write(writer, "started_at"u8, startedAt);
        JsonMoment.Write(writer, "finished_at"u8, finishedAt);
        writer.WriteString("outcome"u8, outcome.WireName());
        TaskJsonWriter.WriteError(writer, error);
    }

    /// <summary>Writes the evidence of a worker that went on after it had lost the task; there only when there is some.</summary>
    private static void WriteLateReports(Utf8JsonWriter writer, int count, IReadOnlyList<LateReport> kept)
    {
        if (count == 0)
        {
            return;
        }

        writer.WriteNumber("late_report_count"u8, count);
        writer.WriteStartArray("late_reports"u8);
        foreach (LateReport late in kept)
        {
            writer.WriteStartObject();
            JsonMoment.Write(writer, "at"u8, late.At);
            writer.WriteString("report"u8, late.Report);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
