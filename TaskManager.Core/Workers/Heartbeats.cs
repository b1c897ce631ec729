using TaskManager.Execution;

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

    /// <summary>Answers when there is something to say that was not said before, or when the time is over.</summary>
    private async ValueTask<HeartbeatAnswer> AnswerAsync(RemoteWorker worker, LeaseKey[] leases, TimeSpan wait, CancellationToken cancellationToken)
    {
        long started = clock.GetTimestamp();
        worker.BeginWait();
        try
        {
            while (true)
            {
                Task asked = worker.Asked.Next(); // subscribe, then look: a request in between still wakes
                (HeartbeatAnswer answer, bool isNews) = await LookAsync(worker, leases, cancellationToken).ConfigureAwait(false);
                TimeSpan left = wait - clock.GetElapsedTime(started);
                if (isNews || left <= TimeSpan.Zero || held.IsTerminating)
                {
                    Remember(worker, leases, answer);
                    return answer;
                }

                await asked.WaitAsync(left, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            worker.EndWait(store.Now);
        }
    }

    /// <summary>Looks what is to be said now, and whether any of it is new to the worker.</summary>
    private async ValueTask<(HeartbeatAnswer Answer, bool IsNews)> LookAsync(RemoteWorker worker, LeaseKey[] leases, CancellationToken cancellationToken)
    {
        if (worker.IsGone)
        {
            return (new HeartbeatAnswer(WorkerCallOutcome.StaleIncarnation, WorkerDirective.Terminate, []), true);
        }

        WorkerDirective wanted = held.IsTerminating ? WorkerDirective.Terminate : stopping.IsCancellationRequested ? WorkerDirective.Quiet : WorkerDirective.Run;
        bool isNews = wanted != worker.Told;
        var tasks = new List<TaskDirective>(leases.Length);
        foreach (LeaseKey key in leases)
        {
            if (held.Find(key) is { } lease && lease.Worker == worker)
            {
                await LetGoOnAsync(lease, cancellationToken).ConfigureAwait(false);
                LeaseDirective directive = held.IsTerminating ? LeaseDirective.Cancel : lease.Directive;
                isNews |= directive != lease.Told;
                tasks.Add(new TaskDirective(key.TaskId, directive, worker.LeaseDuration));
            }
            else if (!await HasReportedAsync(key, cancellationToken).ConfigureAwait(false))
            {
                isNews = true;
                tasks.Add(new TaskDirective(key.TaskId, LeaseDirective.Lost, TimeSpan.Zero));
            }
        }

        return (new HeartbeatAnswer(WorkerCallOutcome.Accepted, wanted, tasks), isNews | AddUnnamed(worker, leases, tasks));
    }

    /// <summary>Adds what is asked of leases that the heartbeat does not name, since they were claimed while it hung.</summary>
    /// <returns>Whether there was any.</returns>
    private static bool AddUnnamed(RemoteWorker worker, LeaseKey[] named, List<TaskDirective> tasks)
    {
        int before = tasks.Count;
        foreach (HeldLease lease in worker.Leases.Values)
        {
            if (lease.Directive != lease.ToldAside && lease.Directive != lease.Told && !named.Contains(lease.Key))
            {
                lease.ToldAside = lease.Directive;
                tasks.Add(new TaskDirective(lease.Key.TaskId, lease.Directive, worker.LeaseDuration));
            }
        }

        return tasks.Count > before;
    }

    /// <summary>
    /// A resumed attempt goes on at its worker's next heartbeat, which is how that comes to know of it; if the store finds that its type is not at its limit. It is asked once: a task
    /// that has moved since it was looked at may be anybody's, and a claim would begin another attempt of it under this lease.
    /// </summary>
    private async ValueTask LetGoOnAsync(HeldLease lease, CancellationToken cancellationToken)
    {
        TaskRecord record = lease.Record;
        if (record.State == TaskState.Queued && TaskLifecycle.Apply(record, LifecycleEvent.Claim(record.Status.Lease!), store.Now).Next is { } next)
        {
            await store.TryUpdateAsync(record, next, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> HasReportedAsync(LeaseKey key, CancellationToken cancellationToken) =>
        await store.FindAsync(key.TaskId, cancellationToken).ConfigureAwait(false) is { } record && record.FindLease(key.Token)?.Report is not null;

    private static void Remember(RemoteWorker worker, LeaseKey[] named, HeartbeatAnswer answer)
    {
        worker.Told = answer.Worker;
        foreach (TaskDirective told in answer.Tasks)
        {
            if (told.Directive != LeaseDirective.Lost && worker.Leases.TryGetValue(told.TaskId, out HeldLease? lease) && named.Contains(lease.Key))
            {
                lease.Told = told.Directive;
            }
        }
    }
}
