using System.Diagnostics;
using TaskManager.Queueing;

namespace TaskManager.Storage;

/// <content>Claims, and what holds them back.</content>
internal sealed partial class InMemoryTaskStore
{
    public ValueTask<ClaimResult> ClaimAsync(TaskClaim claim, Memory<TaskRecord> claimed, CancellationToken cancellationToken)
    {
        if (_ready.IsEmpty)
        {
            return default; // a look is enough, and keeps idle consumers out of the way of those who submit
        }

        int count = 0;
        lock (_gate)
        {
            ClockReading now = Now;
            ClaimScope scope = _types.ScopeOf(claim.Types);
            while (count < claimed.Length && _ready.Take(scope, now.Elapsed) is TaskEntry entry)
            {
                LifecycleMove move = TaskLifecycle.Apply(entry.Record, LifecycleEvent.Claim(claim.NewLease(now)), now);
                Debug.Assert(move.Next is not null, "What is in the ready set can be claimed.");
                SetLocked(entry, move.Next, now);
                claimed.Span[count++] = entry.Record;
            }

            return new ValueTask<ClaimResult>(new ClaimResult(count, count == 0 ? _ready.UntilRateAllows(scope, now.Elapsed) : null));
        }
    }

    public TypeHold HoldOf(TaskType type)
    {
        lock (_gate)
        {
            return _types.Find(type)?.HoldAt(Now.Elapsed) ?? TypeHold.None;
        }
    }
}
