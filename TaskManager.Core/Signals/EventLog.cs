using System.Numerics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace TaskManager.Signals;

/// <summary>
/// The one ordered log of what happens to all tasks: a ring that keeps the last events, as many as it has places and room for their texts, whoever reads them. A reader has nothing here but its own place, so a slow one costs nobody
/// anything; when the ring has passed its place, it is told so. The events of one task are chained through the ring, from an index of fixed size.
/// </summary>
internal sealed class EventLog
{
    private const int ChunkSize = 1024;

    // A message may take 8 KiB and would be held long after its task is gone. Most events have none, so that this is enough for all but a flood of long lines.
    private const int TextBytesPerEvent = 512;

    private readonly Lock _gate = new();
    private readonly EventSlot[]?[] _chunks; // made when first needed; guarded by _gate, as is all below
    private long[]? _lastOfChain;
    private readonly int _capacity;
    private long _last;
    private long _dropped; // the last one that is kept no more
    private long _textBytes;

    public EventLog(int maxEvents)
    {
        _capacity = Math.Max(ChunkSize, (int)BitOperations.RoundUpToPowerOf2((uint)maxEvents));
        _chunks = new EventSlot[_capacity / ChunkSize][];
    }

    /// <summary>Gets the number that stands for this process in the ids of its events.</summary>
    public uint Process { get; } = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4));

    public EventSubscribers Subscribers { get; } = new();

    public long Capacity => _capacity;

    /// <summary>Gets how many bytes all texts may take together, as they stand in memory; beyond it the oldest events go.</summary>
    public long MaxTextBytes => (long)_capacity * TextBytesPerEvent;

    public long Count
    {
        get
        {
            lock (_gate)
            {
                return _last - _dropped;
            }
        }
    }

    public long TextBytes
    {
        get
        {
            lock (_gate)
            {
                return _textBytes;
            }
        }
    }

    public long Last
    {
        get
        {
            lock (_gate)
            {
                return _last;
            }
        }
    }

    public void AppendStatus(in TaskRecord record, DateTimeOffset at)
    {
        lock (_gate)
        {
            ref EventSlot slot = ref NextLocked(record.Definition, EventKind.Status, record.IsDone, at, record.Status.Error);
            slot.State = record.State;
            slot.Version = record.Status.Version;
            slot.Attempt = record.Status.Attempt;
        }

        Subscribers.Raise(record.Id);
    }

    public void AppendProgress(TaskDefinition task, TaskProgress progress, DateTimeOffset at)
    {
        lock (_gate)
        {
            bool? hasEnded = HasEndedLocked(task);
            if (hasEnded == true)
            {
                return;
            }

            NextLocked(task, EventKind.Progress, hasEnded, at, progress);
        }

        Subscribers.Raise(task.Id);
    }

    public void AppendLog(TaskDefinition task, LogLevel level, string message, DateTimeOffset at)
    {
        lock (_gate)
        {
            bool? hasEnded = HasEndedLocked(task);
            if (hasEnded == true)
            {
                return;
            }

            NextLocked(task, EventKind.Log, hasEnded, at, message).Level = level;
        }

        Subscribers.Raise(task.Id);
    }

    /// <summary>Reads events of all tasks that come after a place.</summary>
    /// <param name="after">The place; moved behind the last event looked at.</param>
    /// <param name="filter">Which of them.</param>
    /// <param name="events">Gets the events.</param>
    /// <param name="atMost">How many to look at.</param>
    /// <returns><see langword="false"/> when events after the place are kept no more: nothing was read.</returns>
    public bool TryRead(ref long after, TaskWatchFilter filter, List<TaskEvent> events, int atMost)
    {
        lock (_gate)
        {
            if (IsLostLocked(after))
            {
                return false;
            }

            long end = Math.Min(_last, after + atMost);
            while (after < end)
            {
                ref EventSlot slot = ref SlotLocked(++after);
                if (slot.Matches(filter))
                {
                    events.Add(slot.ToEvent(Process));
                }
            }

            return true;
        }
    }

    /// <summary>Reads the events of one task that come after a place.</summary>
    /// <param name="task">The task.</param>
    /// <param name="after">The place; 0 for the first that is kept.</param>
    /// <param name="events">Gets the events, in order.</param>
    /// <param name="atMost">How many to read.</param>
    /// <param name="end">Whether the task had ended by the last event that is kept; <see langword="null"/> when none is kept, or none that knows.</param>
    /// <returns><see langword="false"/> when events after the place may be kept no more: nothing was read.</returns>
    public bool TryReadTask(TaskDefinition task, long after, List<TaskEvent> events, int atMost, out bool? end)
    {
        lock (_gate)
        {
            end = HasEndedLocked(task);
            if (!TryFindFirstLocked(task, after, out long first))
            {
                return false;
            }

            for (long number = first; number > 0 && events.Count < atMost; number = SlotLocked(number).Next)
            {
                ref EventSlot slot = ref SlotLocked(number);
                if (slot.TaskId == task.Id)
                {
                    events.Add(slot.ToEvent(Process));
                }
            }

            return true;
        }
    }

    // What lies beyond the last event was never given out: such a place is as good as lost.
    private bool IsLostLocked(long after) => after < _dropped || after > _last;

    /// <summary>Finds the first event after a place in the chain of a task: at once behind an event of the task itself, where a reader stands that goes on.</summary>
    /// <param name="task">The task.</param>
    /// <param name="after">The place; 0 for the first that is kept.</param>
    /// <param name="first">The number of the event; 0 when there is none.</param>
    /// <returns><see langword="false"/> when one after the place is kept no more. That others' events have gone is no loss to the reader of a quiet task.</returns>
    private bool TryFindFirstLocked(TaskDefinition task, long after, out long first)
    {
        first = 0;
        if (after > _last)
        {
            return false;
        }

        if (after > 0 && IsKeptLocked(after) && SlotLocked(after) is var place && place.TaskId == task.Id)
        {
            first = place.Next;
            return true;
        }

        long number;
        for (number = LastOfChainLocked(task); number > after && IsKeptLocked(number); number = SlotLocked(number).Previous)
        {
            first = number;
        }

        return after == 0 || number <= after;
    }

    private bool IsKeptLocked(long number) => number > _dropped;

    // Each slot knows it, so that the look ends at the task's newest one, however much the task has to say.
    private bool? HasEndedLocked(TaskDefinition task)
    {
        for (long number = LastOfChainLocked(task); IsKeptLocked(number); number = SlotLocked(number).Previous)
        {
            ref EventSlot slot = ref SlotLocked(number);
            if (slot.TaskId == task.Id)
            {
                return slot.HasEnded;
            }
        }

        return null;
    }

    private ref EventSlot NextLocked(TaskDefinition task, EventKind kind, bool? hasEnded, DateTimeOffset at, object? data)
    {
        long number = ++_last;
        if (number - _dropped > _capacity)
        {
            DropOldestLocked();
        }

        ref long lastOfChain = ref (_lastOfChain ??= new long[_capacity])[ChainOf(task)];
        ref EventSlot slot = ref SlotLocked(number);
        slot = new EventSlot
        {
            Number = number,
            Previous = lastOfChain,
            TaskId = task.Id,
            Type = task.Type,
            AtUtcTicks = at.UtcTicks,
            Kind = kind,
            HasEnded = hasEnded,
            Data = data,
        };
        if (IsKeptLocked(lastOfChain))
        {
            SlotLocked(lastOfChain).Next = number;
        }

        lastOfChain = number;
        if (data is not null)
        {
            CountTextLocked(number, data);
        }

        return ref slot;
    }

    private void CountTextLocked(long number, object data)
    {
        _textBytes += EventSlot.TextBytesOf(data);
        while (_textBytes > MaxTextBytes && _dropped < number - 1)
        {
            DropOldestLocked();
        }
    }

    private void DropOldestLocked()
    {
        ref object? data = ref SlotLocked(++_dropped).Data;
        if (data is not null)
        {
            _textBytes -= EventSlot.TextBytesOf(data);
            data = null;
        }
    }

    private ref EventSlot SlotLocked(long number)
    {
        int index = (int)(number & (_capacity - 1));
        EventSlot[] chunk = _chunks[index / ChunkSize] ??= new EventSlot[ChunkSize];
        return ref chunk[index % ChunkSize];
    }

    private long LastOfChainLocked(TaskDefinition task) => _lastOfChain?[ChainOf(task)] ?? 0;

    private int ChainOf(TaskDefinition task) => (int)(task.Sequence & (_capacity - 1));
}
