using TaskManager.Diagnostics;

namespace TaskManager.Execution;

/// <summary>Says in the host's log how an attempt ended.</summary>
internal static class AttemptLog
{
    public static void Ended(AttemptServices services, in TaskMove move, Exception? thrown)
    {
        TaskRecord record = move.Record;
        TaskDefinition definition = record.Definition;
        if (move.Outcome != MoveOutcome.Applied)
        {
            Log.LateReport(services.Log, definition.Id, definition.Type.Name, record.Status.Attempt, record.State.WireName());
            return;
        }

        double elapsedMs = record.Status.RanBefore.TotalMilliseconds;
        switch (record.State)
        {
            case TaskState.Completed:
                Log.TaskCompleted(services.Log, definition.Id, definition.Type.Name, elapsedMs);
                break;
            case TaskState.Scheduled or TaskState.Queued or TaskState.Paused:
                Log.AttemptFailed(services.Log, thrown, definition.Id, definition.Type.Name, record.Status.Attempt, elapsedMs);
                break;
            case TaskState.Failed:
                Log.TaskFailed(services.Log, thrown, definition.Id, definition.Type.Name, record.Status.Error!.Code, elapsedMs);
                break;
            default:
                Log.TaskEnded(services.Log, definition.Id, definition.Type.Name, record.State.WireName(), elapsedMs);
                break;
        }
    }
}
