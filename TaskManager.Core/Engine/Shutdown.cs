using Microsoft.Extensions.Logging;
using TaskManager.Admission;
using TaskManager.Diagnostics;
using TaskManager.Execution;
using TaskManager.Workers;

namespace TaskManager.Engine;

/// <summary>
/// The drain: claims and submissions stop, waits end, running attempts get their time; then every token fires and there is a last grace; what is left in memory fails, so that
/// every waiter ends. The last line of the log counts what was lost.
/// </summary>
internal sealed class Shutdown(
    CancellationTokenSource begun, ITaskStore store, Submitter submitter, Transitions transitions, WorkerPool pool, HeldLeases leases, ChangeFeed changes, TaskManagerOptions options, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private static readonly TaskQuery Unfinished = new()
    {
        States = [.. TaskStates.All.Where(state => !state.IsFinal())],
        Limit = TaskQuery.MaxLimit,
    };

    private readonly Lock _gate = new();
    private Task? _running; // guarded by _gate

    public TimeSpan Patience => options.DrainTimeout;

    /// <summary>Shuts down once; a further call waits for the first.</summary>
    public Task RunAsync(TimeSpan patience)
    {
        lock (_gate)
        {
            return _running ??= DrainAsync(patience);
        }
    }

    private async Task DrainAsync(TimeSpan patience)
    {
        await Task.Yield(); // out of the gate before anything is called
        Task told = TellAsync();
        Log.Draining(log, patience);
        pool.Close();
        leases.AskAll(); // the workers hear that the service shuts down
        await WaitAsync(cancelled => Task.WhenAll(pool.WhenNoSlotIsBusyAsync(cancelled), leases.WhenNoneRunsAsync(cancelled)), patience).ConfigureAwait(false);
        pool.ShutDownAttempts();
        leases.Terminate();
        Task noWorkerRuns = WaitAsync(leases.WhenNoneRunsAsync, patience > TimeSpan.Zero ? Grace : TimeSpan.Zero); // whoever has no patience serves nobody any more
        await Task.WhenAll(noWorkerRuns, WaitAsync(pool.WhenNothingLivesAsync, Grace), WaitAsync(told.WaitAsync, Grace)).ConfigureAwait(false);
        await submitter.WhenNoneIsUnderWayAsync().ConfigureAwait(false);
        await FailTheRestAsync().ConfigureAwait(false);
        Log.Stopped(
            log,
            changes.Lost(TaskState.Processing),
            changes.Lost(TaskState.Queued),
            changes.Lost(TaskState.Scheduled),
            changes.Lost(TaskState.Blocked),
            changes.Lost(TaskState.Paused));
    }

    // The flag is set at once. What hangs on it is called beside the drain: the token is public, and a callback of the application may wait for tasks that only the drain ends.
    private async Task TellAsync()
    {
        try
        {
            await begun.CancelAsync().ConfigureAwait(false);
        }
        catch (AggregateException error) // nor may it end the drain
        {
            Log.StoppingCallbackFailed(log, error);
        }
    }

    private async Task WaitAsync(Func<CancellationToken, Task> condition, TimeSpan patience)
    {
        using var patienceIsOver = new CancellationTokenSource(patience, clock);
        await condition(patienceIsOver.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task FailTheRestAsync()
    {
        TaskQuery query = Unfinished;
        while (true)
        {
            TaskPage page = await store.ListAsync(query, CancellationToken.None).ConfigureAwait(false);
            foreach (TaskRecord record in page.Items)
            {
                await transitions.ApplyAsync(record, LifecycleEvent.Shutdown(), CancellationToken.None).ConfigureAwait(false);
            }

            if (page.Next is not { } next)
            {
                return;
            }

            query = query with { Before = next };
        }
    }
}
