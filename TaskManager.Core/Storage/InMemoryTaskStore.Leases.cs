using System.Diagnostics;

namespace TaskManager.Storage;

/// <content>How long a worker outside the process may keep silent about a task.</content>
internal sealed partial class InMemoryTaskStore
{
    private const int LeasesInOneTurn = 64;

    public ValueTask<IReadOnlyList<LeaseRenewal>> RenewLeasesAsync(string holder, IReadOnlyList<LeaseKey> leases, TimeSpan duration, CancellationToken cancellationToken)
    {
        var results = new LeaseRenewal[leases.Count];
        lock (_gate)
        {
            TimeSpan until = Now.Elapsed + duration;
            for (int i = 0; i < results.Length; i++)
            {
                TaskEntry? entry = _table.Find(leases[i].TaskId);
                bool isLive = entry is { Status: { IsLeased: true, Lease: { } lease } }
                    && lease.Token == leases[i].Token
                    && string.Equals(lease.Holder, holder, StringComparison.Ordinal);
                if (isLive)
                {
                    _leases.Set(entry!, until);
                }

                results[i] = new LeaseRenewal(isLive, entry?.Record);
            }
        }

        return new ValueTask<IReadOnlyList<LeaseRenewal>>(results);
    }

    public ValueTask<TimeSpan?> ExpireLeasesAsync(CancellationToken cancellationToken)
    {
        TimeSpan? untilNext;
        bool tell;
        lock (_gate)
        {
            ClockReading now = Now;
            for (int turn = 0; turn < LeasesInOneTurn && _leases.TakeDue(now.Elapsed) is { } entry; turn++)
            {
                LifecycleMove move = TaskLifecycle.Apply(entry.Record, LifecycleEvent.LeaseExpired(entry.Status.Attempt, _options.MaxRescues), now);
                Debug.Assert(move.Next is not null, "A live lease can run out.");
                SetLocked(entry, move.Next, now);
            }

            untilNext = _leases.Next() - now.Elapsed;
            tell = _dependencies.HasWork;
        }

        if (tell)
        {
            TellDependants();
        }

        return new ValueTask<TimeSpan?>(untilNext < TimeSpan.Zero ? TimeSpan.Zero : untilNext);
    }

    private void FollowLeaseLocked(TaskEntry entry, LifecycleStatus status)
    {
        if (status.IsLeased)
        {
            _leases.Set(entry, status.Lease!.Until);
        }
        else
        {
            _leases.Remove(entry);
        }
    }
}
