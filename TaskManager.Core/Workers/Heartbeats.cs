using TaskManager.Execution;
using TaskManager.Signals;

namespace TaskManager.Workers;

/// <summary>Heartbeats: they renew leases, carry progress and checkpoints in, and bring back what is asked of the worker and of its tasks.</summary>
internal sealed class Heartbeats(
    WorkerDirectory directory, HeldLeases held, Reports reports, ITaskStore store, Transitions transitions, TimeProvider clock, CancellationToken stopping)
{
    public async ValueTask<HeartbeatAnswer> HeartbeatAsync(
        string workerId, string? incarnation, IReadOnlyList<LeaseReport> leases, TimeSpan wait, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(leases);
        ArgumentOutOfRangeException.ThrowIfLessThan(wait, TimeSpan.Zero);
        WorkerCallOutcome outcome = directory.Find(workerId, incarnation, out RemoteWorker worker);
        if (outcome != WorkerCallOutcome.Accepted)
        {
            return new HeartbeatAnswer(outcome, WorkerDirective.Run, []);
        }

        worker.See(store.Now);
        LeaseKey[] keys = [.. leases.Select(lease => lease.Lease).Distinct()];
        IReadOnlyList<LeaseRenewal> renewals = await store.RenewLeasesAsync(worker.Holder, keys, worker.LeaseDuration, cancellationToken).ConfigureAwait(false);
        var live = keys.Zip(renewals).Where(pair => pair.Second.IsLive).ToDictionary(pair => pair.First, pair => pair.Second.Record!.Value);
        foreach (LeaseReport report in leases)
        {
            if (live.TryGetValue(report.Lease, out TaskRecord record))
            {
                await TakeAsync(report, record, cancellationToken).ConfigureAwait(false);
            }
        }

        TimeSpan patience = worker.LeaseDuration / Registrations.HeartbeatsPerLease;
        return await AnswerAsync(worker, keys, wait < patience ? wait : patience, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask TakeAsync(LeaseReport report, TaskRecord record, CancellationToken cancellationToken)
    {
        int attempt = record.Status.Attempt;
        if (report.Checkpoint is { } checkpoint)
        {
            await transitions.ApplyAsync(record, LifecycleEvent.CheckpointSaved(attempt, checkpoint, report.Lease.Token), cancellationToken).ConfigureAwait(false);
        }

        if (report.Progress is { } progress)
        {
            await reports.TakeProgressAsync(report.Lease, attempt, progress, cancellationToken).ConfigureAwait(false);
        }

        if (report.IsPaused && held.Find(report.Lease) is { Status: { State: TaskState.Processing, PauseRequested: true } } lease)
        {
            await transitions.ApplyAsync(lease.Record, LifecycleEvent.CheckpointReached(attempt, report.Lease.Token), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Answers when there is something to say that was not said before, or when the time is over; or when as many calls wait as may, since its leases are renewed and it must be heard.</summary>
    private async ValueTask<HeartbeatAnswer> AnswerAsync(RemoteWorker worker, LeaseKey[] leases, TimeSpan wait, CancellationToken cancellationToken)
    {
        long started = clock.GetTimestamp();
        bool waits = false;
        try
        {
            while (!worker.IsGone)
            {
                Task asked = worker.Asked.Next(); // subscribe, then look: a request in between still wakes
                await LetGoOnAsync(worker, leases, cancellationToken).ConfigureAwait(false);
                WorkerDirections directions = await LookAsync(worker, leases, cancellationToken).ConfigureAwait(false);
                TimeSpan left = wait - clock.GetElapsedTime(started);
                waits = waits || (left > TimeSpan.Zero && !directions.IsNews && worker.TryBeginWait());
                if (directions.IsNews || left <= TimeSpan.Zero || held.IsTerminating || !waits)
                {
                    directions.RememberTold();
                    return directions.Answer;
                }

                if (!worker.IsGone)
                {
                    await asked.WaitAsync(TaskWaiter.Slice(left), clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }

            return new HeartbeatAnswer(WorkerCallOutcome.StaleIncarnation, WorkerDirective.Terminate, []);
        }
        finally
        {
            if (waits)
            {
                worker.EndWait(store.Now);
            }
        }
    }

    /// <summary>Looks what is to be said now.</summary>
    private async ValueTask<WorkerDirections> LookAsync(RemoteWorker worker, LeaseKey[] leases, CancellationToken cancellationToken)
    {
        var directions = new WorkerDirections(
            worker, held.IsTerminating ? WorkerDirective.Terminate : stopping.IsCancellationRequested ? WorkerDirective.Quiet : WorkerDirective.Run);
        foreach (LeaseKey key in leases)
        {
            if (held.FindOf(worker, key) is { } lease)
            {
                directions.AddNamed(lease);
            }
            else if (!await HasReportedAsync(key, cancellationToken).ConfigureAwait(false))
            {
                directions.AddLost(key.TaskId);
            }
        }

        foreach (HeldLease lease in worker.Leases.Values)
        {
            directions.AddUnnamed(lease);
        }

        return directions;
    }

    /// <summary>
    /// A resumed attempt goes on at its worker's next heartbeat, which is how that comes to know of it; if the store finds that its type is not at its limit. It is asked once: a task
    /// that has moved since it was looked at may be anybody's, and a claim would begin another attempt of it under this lease.
    /// </summary>
    private async ValueTask LetGoOnAsync(RemoteWorker worker, LeaseKey[] leases, CancellationToken cancellationToken)
    {
        foreach (LeaseKey key in leases)
        {
            if (held.FindOf(worker, key)?.Record is { State: TaskState.Queued } record
                && TaskLifecycle.Apply(record, LifecycleEvent.Claim(record.Status.Lease!), store.Now).Next is { } next)
            {
                await store.TryUpdateAsync(record, next, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask<bool> HasReportedAsync(LeaseKey key, CancellationToken cancellationToken) =>
        await store.FindAsync(key.TaskId, cancellationToken).ConfigureAwait(false) is { } record && record.FindLease(key.Token)?.Report is not null;
}
