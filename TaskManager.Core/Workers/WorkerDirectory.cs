using System.Collections.Concurrent;
using TaskManager.Signals;

namespace TaskManager.Workers;

/// <summary>The workers that are registered, and what they run.</summary>
internal sealed class WorkerDirectory(TaskManagerOptions options, WaiterCount waiters)
{
    /// <summary>A worker that was silent for so many leases is forgotten.</summary>
    private const int ForgottenAfterLeases = 10;

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, RemoteWorker> _byId = new(StringComparer.Ordinal); // written under _gate, as is all below
    private readonly ConcurrentDictionary<string, RemoteWorker> _byHolder = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RemoteWorker[]> _byType = new(StringComparer.Ordinal);

    public int Count => _byId.Count;

    public IEnumerable<RemoteWorker> All => _byId.Values;

    /// <summary>Tells why a worker may not be registered; another may yet take the place of one that may.</summary>
    public RegisterResult? Refusal(WorkerRegistration registration)
    {
        if (!_byId.TryGetValue(registration.WorkerId, out RemoteWorker? present))
        {
            return _byId.Count < options.MaxWorkers ? null : new RegisterResult.TooManyWorkers(options.MaxWorkers);
        }

        return present.HasReplaced(registration.Incarnation) ? new RegisterResult.StaleIncarnation() : null;
    }

    /// <summary>Registers a worker, or renews its registration.</summary>
    /// <param name="registration">What it says of itself.</param>
    /// <param name="now">The present reading.</param>
    /// <param name="worker">The worker as it is registered now, unless it is refused.</param>
    /// <param name="before">The start of it that was registered until now; <see langword="null"/> when its id is new.</param>
    /// <returns>Why it is refused; <see langword="null"/> when it is not.</returns>
    public RegisterResult? Register(WorkerRegistration registration, ClockReading now, out RemoteWorker worker, out RemoteWorker? before)
    {
        lock (_gate)
        {
            before = _byId.GetValueOrDefault(registration.WorkerId);
            if (before is not null && string.Equals(before.Registration.Incarnation, registration.Incarnation, StringComparison.Ordinal))
            {
                LeaveTypesLocked(before);
                before.Renew(registration);
                before.See(now);
                JoinTypesLocked(before);
                worker = before;
                return null;
            }

            if (Refusal(registration) is { } refusal)
            {
                worker = null!;
                return refusal;
            }

            if (before is not null)
            {
                RemoveLocked(before);
            }

            worker = new RemoteWorker(registration, options.LeaseDuration, waiters, now, before);
            _byId[registration.WorkerId] = worker;
            _byHolder[worker.Holder] = worker;
            JoinTypesLocked(worker);
            return null;
        }
    }

    /// <summary>Finds who speaks.</summary>
    public WorkerCallOutcome Find(string id, string? incarnation, out RemoteWorker worker)
    {
        if (!_byId.TryGetValue(id, out RemoteWorker? found))
        {
            worker = null!;
            return WorkerCallOutcome.Unknown;
        }

        worker = found;
        return incarnation is null || string.Equals(incarnation, found.Registration.Incarnation, StringComparison.Ordinal) ? WorkerCallOutcome.Accepted : WorkerCallOutcome.StaleIncarnation;
    }

    public RemoteWorker? FindHolder(string holder) => _byHolder.GetValueOrDefault(holder);

    public void Remove(RemoteWorker worker)
    {
        lock (_gate)
        {
            if (!worker.IsGone)
            {
                RemoveLocked(worker);
            }
        }
    }

    /// <summary>Forgets the workers that nothing was heard of for long.</summary>
    public IReadOnlyList<RemoteWorker> ForgetSilent(TimeSpan now)
    {
        RemoteWorker[] silent = [.. All.Where(worker => worker.Silence(now) >= ForgottenAfterLeases * options.LeaseDuration)];
        foreach (RemoteWorker worker in silent)
        {
            Remove(worker);
        }

        return silent;
    }

    /// <summary>Tells whether any worker that lives runs a type.</summary>
    public bool HasLiveWorker(TaskType type, TimeSpan now) => Array.Exists(_byType.GetValueOrDefault(type.Name) ?? [], worker => worker.IsAlive(now));

    private void RemoveLocked(RemoteWorker worker)
    {
        worker.Go(); // first: whoever does not find it any more must see that it is gone, and give back what it claimed for it
        _byId.TryRemove(KeyValuePair.Create(worker.Registration.WorkerId, worker));
        _byHolder.TryRemove(KeyValuePair.Create(worker.Holder, worker));
        LeaveTypesLocked(worker);
    }

    private void JoinTypesLocked(RemoteWorker worker)
    {
        foreach (string type in worker.Claim.Types.Names)
        {
            _byType[type] = [.. _byType.GetValueOrDefault(type) ?? [], worker];
        }
    }

    private void LeaveTypesLocked(RemoteWorker worker)
    {
        foreach (string type in worker.Claim.Types.Names)
        {
            _byType[type] = [.. _byType.GetValueOrDefault(type)?.Where(other => other != worker) ?? []];
        }
    }
}
