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

    /// <summary>Tells whether a worker may be registered; another may yet take the place.</summary>
    public bool HasRoomFor(string id) => _byId.ContainsKey(id) || _byId.Count < options.MaxWorkers;

    /// <summary>Registers a worker, or renews its registration.</summary>
    /// <param name="registration">What it says of itself.</param>
    /// <param name="now">The present reading.</param>
    /// <param name="before">The start of it that was registered until now; <see langword="null"/> when its id is new.</param>
    /// <returns>The worker as it is registered now; <see langword="null"/> when as many are as may be.</returns>
    public RemoteWorker? Register(WorkerRegistration registration, ClockReading now, out RemoteWorker? before)
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
                return before;
            }

            if (!HasRoomFor(registration.WorkerId))
            {
                return null;
            }

            if (before is not null)
            {
                RemoveLocked(before);
            }

            var worker = new RemoteWorker(registration, options.LeaseDuration, waiters, now);
            _byId[registration.WorkerId] = worker;
            _byHolder[worker.Holder] = worker;
            JoinTypesLocked(worker);
            return worker;
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
        _byId.TryRemove(KeyValuePair.Create(worker.Registration.WorkerId, worker));
        _byHolder.TryRemove(KeyValuePair.Create(worker.Holder, worker));
        LeaveTypesLocked(worker);
        worker.Go();
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
