using Microsoft.Extensions.Logging;
using TaskManager.Diagnostics;
using TaskManager.Execution;

namespace TaskManager.Workers;

/// <summary>Workers come and go. Who goes, or is started anew, loses what it held at once.</summary>
internal sealed class Registrations(
    WorkerDirectory directory, ITaskStore store, Transitions transitions, TaskTypeRegistry types, TaskManagerOptions options, TaskManagerMetrics metrics, ILogger log)
{
    public async ValueTask<RegisterResult> RegisterAsync(WorkerRegistration registration, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ValidationFaults faults = RegistrationValidator.Check(registration, registration.Faults ?? new ValidationFaults());
        if (!faults.IsEmpty)
        {
            return new RegisterResult.Invalid(faults.ByField());
        }

        string[] handled = [.. registration.TaskTypes.Where(types.OfPool.Contains)];
        if (handled.Length > 0)
        {
            return new RegisterResult.HasHandler(handled);
        }

        if (directory.Refusal(registration) is { } early)
        {
            return early; // before its types are known: who is refused leaves none behind
        }

        if (!types.TryMakeKnown(registration.TaskTypes))
        {
            return new RegisterResult.TooManyTaskTypes(options.MaxTaskTypes);
        }

        if (directory.Register(registration, store.Now, out RemoteWorker worker, out RemoteWorker? before) is { } refusal)
        {
            return refusal;
        }

        if (before != worker)
        {
            Log.WorkerRegistered(log, registration.WorkerId, string.Join(", ", registration.TaskTypes));
        }

        if (before is not null && before != worker)
        {
            await LoseLeasesAsync(before).ConfigureAwait(false);
        }

        return new RegisterResult.Registered(before is null, worker.LeaseDuration, worker.LeaseDuration / HeartbeatsPerLease);
    }

    public async ValueTask<WorkerCallOutcome> LeaveAsync(string workerId, string? incarnation, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        WorkerCallOutcome outcome = directory.Find(workerId, incarnation, out RemoteWorker worker);
        if (outcome == WorkerCallOutcome.Accepted)
        {
            directory.Remove(worker);
            Log.WorkerLeft(log, workerId);
            await ReleaseLeasesAsync(worker).ConfigureAwait(false);
        }

        return outcome;
    }

    public IReadOnlyList<WorkerStatus> List()
    {
        TimeSpan now = store.Now.Elapsed;
        return [.. directory.All
            .Select(worker => new WorkerStatus(worker.Registration, worker.IsAlive(now), worker.RegisteredAt, worker.SeenAt, [.. worker.Leases.Keys]))
            .OrderBy(worker => worker.Registration.WorkerId, StringComparer.Ordinal)];
    }

    /// <summary>A heartbeat that comes late, and the one after it, still find the lease alive.</summary>
    public const int HeartbeatsPerLease = 3;

    /// <summary>Whether the request is still there does not matter: the worker is gone, and what were left would wait for its lease to run out.</summary>
    private async ValueTask LoseLeasesAsync(RemoteWorker worker)
    {
        foreach (HeldLease lease in worker.Leases.Values)
        {
            await transitions.ApplyAsync(lease.Record, LifecycleEvent.LeaseExpired(lease.Status.Attempt, options.MaxRescues), CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <inheritdoc cref="LoseLeasesAsync"/>
    private async ValueTask ReleaseLeasesAsync(RemoteWorker worker)
    {
        foreach (HeldLease lease in worker.Leases.Values)
        {
            TaskRecord record = lease.Record;
            var release = LifecycleEvent.Release(record.Status.Attempt, checkpoint: null, lease.Key.Token, report: null, AttemptReport.Backoff(record));
            TaskMove move = await transitions.ApplyAsync(record, release, CancellationToken.None).ConfigureAwait(false);
            if (move.Outcome == MoveOutcome.Applied)
            {
                metrics.AttemptEnded(move.Record);
            }
        }
    }
}
