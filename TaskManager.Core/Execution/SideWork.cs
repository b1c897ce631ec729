using Microsoft.Extensions.Logging;
using TaskManager.Diagnostics;

namespace TaskManager.Execution;

/// <summary>Work beside an attempt that nobody waits for, such as the cancellation callbacks of its handler: when it fails, that is logged.</summary>
internal static class SideWork
{
    public static void Watch(Task work, LiveAttempt attempt, ILogger log)
    {
        if (!work.IsCompletedSuccessfully)
        {
            _ = ObserveAsync(work, attempt, log);
        }
    }

    private static async Task ObserveAsync(Task work, LiveAttempt attempt, ILogger log)
    {
        try
        {
            await work.ConfigureAwait(false);
        }
        catch (Exception error) // a callback of the handler may throw anything; it decides nothing
        {
            Log.SideWorkFailed(log, error, attempt.TaskId, attempt.TaskType, attempt.Attempt);
        }
    }
}
