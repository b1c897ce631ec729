using TaskManager.Diagnostics;
using TaskManager.Execution;
using TaskManager.Signals;

namespace TaskManager.Workers;

/// <summary>Workers claim tasks, and wait for some when there are none.</summary>
internal sealed class Claims(
    WorkerDirectory directory, ClaimWaiters waiters, ITaskStore store, Transitions transitions, TaskManagerMetrics metrics, TimeProvider clock, CancellationToken stopping)
{
    private static readonly ClaimAnswer None = new(WorkerCallOutcome.Accepted, []);
    private static readonly ClaimAnswer Stopping = new(WorkerCallOutcome.Stopping, []);

    public async ValueTask<ClaimAnswer> ClaimAsync(string workerId, string? incarnation, int max, TimeSpan wait, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, MaxTasks);
        ArgumentOutOfRangeException.ThrowIfLessThan(wait, TimeSpan.Zero);
        if (stopping.IsCancellationRequested)
        {
            return Stopping;
        }

        WorkerCallOutcome outcome = directory.Find(workerId, incarnation, out RemoteWorker worker);
        if (outcome != WorkerCallOutcome.Accepted)
        {
            return new ClaimAnswer(outcome, []);
        }

        worker.See(store.Now);
        var claimed = new TaskRecord[max];
        ClaimResult claim = await store.ClaimAsync(worker.Claim, claimed, cancellationToken).ConfigureAwait(false);
        return claim.Count == 0 && wait > TimeSpan.Zero
            ? await WaitAsync(worker, claimed, wait, cancellationToken).ConfigureAwait(false)
            : await AnswerAsync(worker, claimed.AsMemory(0, claim.Count)).ConfigureAwait(false);
    }

    /// <summary>How many tasks one claim may take.</summary>
    public const int MaxTasks = 1_000;

    private async ValueTask<ClaimAnswer> WaitAsync(RemoteWorker worker, TaskRecord[] claimed, TimeSpan wait, CancellationToken cancellationToken)
    {
        long started = clock.GetTimestamp();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        string? hint = null; // the type of a task that this claim alone was woken for
        worker.BeginWait();
        try
        {
            while (true)
            {
                using ClaimWaiters.Place place = waiters.Join(worker.Claim.Types); // join, then look: a task in between still wakes
                ClaimResult claim = stopping.IsCancellationRequested ? default : await store.ClaimAsync(worker.Claim, claimed, cancellationToken).ConfigureAwait(false);
                hint = IsFollowed(hint, claimed, claim.Count) ? null : hint;
                TimeSpan left = wait - clock.GetElapsedTime(started);
                if (claim.Count > 0 || left <= TimeSpan.Zero || worker.IsGone || stopping.IsCancellationRequested)
                {
                    return await AnswerAsync(worker, claimed.AsMemory(0, claim.Count)).ConfigureAwait(false);
                }

                TimeSpan patience = claim.RetryAfter < left ? claim.RetryAfter.Value : left;
                await place.Woken.WaitAsync(TaskWaiter.Slice(patience), clock, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                hint = place.End();
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            if (hint is not null)
            {
                waiters.Hint(hint);
            }

            worker.EndWait(store.Now);
        }
    }

    /// <summary>Tells whether a look has done what a claim was woken for: it took a task of the type, or everything that it may take.</summary>
    private static bool IsFollowed(string? hint, TaskRecord[] claimed, int count) =>
        hint is null || count < claimed.Length || Array.Exists(claimed, record => string.Equals(record.Definition.Type.Name, hint, StringComparison.Ordinal));

    /// <summary>Hands over what was claimed; unless the worker is gone by now, which would never come to know of it.</summary>
    private async ValueTask<ClaimAnswer> AnswerAsync(RemoteWorker worker, ReadOnlyMemory<TaskRecord> claimed)
    {
        if (!worker.IsGone)
        {
            foreach (TaskRecord record in claimed.Span)
            {
                metrics.AttemptStarted(record);
            }

            return claimed.Length == 0 ? None : new ClaimAnswer(WorkerCallOutcome.Accepted, claimed.ToArray());
        }

        foreach (TaskRecord record in claimed.ToArray())
        {
            var release = LifecycleEvent.Release(record.Status.Attempt, checkpoint: null, record.Status.Lease!.Token);
            await transitions.ApplyAsync(record, release, CancellationToken.None).ConfigureAwait(false);
        }

        return new ClaimAnswer(WorkerCallOutcome.StaleIncarnation, []);
    }
}
