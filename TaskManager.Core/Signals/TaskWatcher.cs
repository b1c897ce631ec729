using System.Runtime.CompilerServices;

namespace TaskManager.Signals;

/// <summary>Follows the event log on behalf of one reader. What the reader has not taken yet is only a place in the log.</summary>
internal sealed class TaskWatcher(ITaskStore store, EventLog events, int maxSubscribers)
{
    private const int EventsInOneTurn = 256;

    /// <summary>Gives the events of one task, from the first that is kept or from behind a place, to its final one.</summary>
    public async IAsyncEnumerable<TaskEvent> WatchAsync(Guid id, TaskEventId? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TaskRecord seen = await store.FindAsync(id, cancellationToken).ConfigureAwait(false) ?? throw NotFound(id);
        using EventSubscribers.Subscription subscription = events.Subscribers.Subscribe(id, maxSubscribers);
        var batch = new List<TaskEvent>();
        long position = PositionAfter(after);
        bool isBlank = after is null;
        while (true)
        {
            Task next = subscription.Pulse.Next(); // subscribe, then look: an event in between still wakes
            long last = events.Last;
            batch.Clear();
            bool isKept = events.TryReadTask(seen.Definition, position, batch, EventsInOneTurn, out bool? hasEnded);
            if (!isKept || (isBlank && batch.Count == 0))
            {
                seen = await store.FindAsync(id, cancellationToken).ConfigureAwait(false) ?? throw NotFound(id); // nobody can say any more how it ended
                batch.Add(new TaskResetEvent(new TaskEventId(events.Process, last), id, store.Now.Utc, seen));
            }

            isBlank = false;
            foreach (TaskEvent happened in batch)
            {
                position = happened.Id.Number;
                yield return happened;
            }

            // Behind a final event there may be a further life; at the end of a full turn that shows in the next one.
            if (batch is [.., TaskStatusEvent { State: var state }] && state.IsFinal() && batch.Count < EventsInOneTurn || batch is [.., TaskResetEvent { Record.IsDone: true }])
            {
                yield break;
            }

            if (batch.Count == 0 && (hasEnded ?? await IsDoneAsync(id, cancellationToken).ConfigureAwait(false)))
            {
                yield break; // begun behind the final event
            }

            if (batch.Count == 0)
            {
                await next.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Gives the events of all tasks that match, from now on or from behind a place, without an end.</summary>
    public async IAsyncEnumerable<TaskEvent> WatchAllAsync(TaskWatchFilter filter, TaskEventId? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long position = after is null ? events.Last : PositionAfter(after); // before it is counted: whoever sees it counted knows that it misses nothing from then on
        using EventSubscribers.Subscription subscription = events.Subscribers.SubscribeToAll(maxSubscribers);
        var batch = new List<TaskEvent>();
        while (true)
        {
            Task next = subscription.Pulse.Next();
            long before = position;
            batch.Clear();
            if (!events.TryRead(ref position, filter, batch, EventsInOneTurn))
            {
                position = events.Last;
                batch.Add(new TaskResetEvent(new TaskEventId(events.Process, position), Guid.Empty, store.Now.Utc, Record: null));
            }

            foreach (TaskEvent happened in batch)
            {
                yield return happened;
            }

            if (position == before)
            {
                await next.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static TaskNotFoundException NotFound(Guid id) => new(id, error: null, $"There is no task {id}, or none any more.");

    private async ValueTask<bool> IsDoneAsync(Guid id, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { IsDone: false };

    // A place of another process is one that this log never gave out.
    private long PositionAfter(TaskEventId? after) => after is not { } place ? 0 : place.Process == events.Process ? place.Number : long.MaxValue;
}
