using System.Collections.Concurrent;
using System.Globalization;
using TaskManager.Tests.Core.Engine;

namespace TaskManager.Tests.Proof.Time;

/// <summary>Handlers that work for some seconds of the manual clock, and the story of what happened to their tasks, by the steady clock.</summary>
internal sealed class Script
{
    /// <summary>How long ended tasks are to be kept.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromSeconds(20);

    private readonly ConcurrentQueue<(long Sequence, TimeSpan At, string What)> _story = new();
    private readonly ConcurrentDictionary<(Guid Task, int Attempt), TimeSpan> _workingUntil = new();
    private readonly ConcurrentDictionary<Guid, TimeSpan> _keptUntil = new();
    private readonly Dictionary<Guid, long> _kept = [];
    private readonly List<(Task Waiting, TimeSpan Until)> _waits = [];
    private ITaskStore? _store;
    private long _submitted;

    public void Watch(ITaskStore store)
    {
        _store = store;
        store.Changed += change =>
        {
            TimeSpan now = change.At.Elapsed; // not the clock's: who sees the new state may have moved that on already
            _story.Enqueue((change.Record.Definition.Sequence, now, $"{change.From}->{change.Record.State} {change.Record.Status.Error?.Code}"));
            if (change.Record.State.IsFinal())
            {
                _keptUntil[change.Record.Id] = now + Retention;
            }
        };
    }

    /// <summary>Works as long as the parameters say; every third attempt fails then, to be tried again after two seconds.</summary>
    public async Task<string> RunAsync(Work task, TaskContext context)
    {
        TimeSpan duration = TimeSpan.FromSeconds(int.Parse(task.Name, CultureInfo.InvariantCulture));
        Task working = Task.Delay(duration, context.Clock, context.CancellationToken);
        _workingUntil[(context.TaskId, context.Attempt)] = _store!.Now.Elapsed + duration; // said once the timer runs: only then may the clock go on
        try
        {
            await working;
        }
        catch (OperationCanceledException)
        {
            throw new TaskAttemptException("stopped", "It was told to stop.") { RetryAfter = TimeSpan.FromSeconds(2) };
        }

        return duration.Seconds % 3 != 1 ? task.Name : throw new TaskAttemptException("third", "It fails.") { RetryAfter = TimeSpan.FromSeconds(2) };
    }

    /// <summary>Waits for a task for a while that the steady clock must end.</summary>
    public void Wait(EngineFixture fixture, TaskHandle<string> handle, TimeSpan patience)
    {
        _kept.Add(handle.Id, ++_submitted);
        _waits.Add((fixture.Tasks.WaitForEndAsync(handle.Id, patience).AsTask(), fixture.Store.Now.Elapsed + patience));
    }

    /// <summary>Waits until all that must happen by now has happened.</summary>
    public Task SettleAsync(EngineFixture fixture) => Patience.UntilAsync(async () =>
    {
        TimeSpan now = fixture.Store.Now.Elapsed;
        TaskPage unfinished = await fixture.Store.ListAsync(
            new TaskQuery { States = [TaskState.Scheduled, TaskState.Queued, TaskState.Processing], Limit = TaskQuery.MaxLimit }, CancellationToken.None);
        bool isSettled = unfinished.Items.All(record => NextMoveOf(record) > now) && _waits.TrueForAll(wait => wait.Waiting.IsCompleted || wait.Until > now);
        await fixture.Store.CountAsync(CancellationToken.None); // through the gate, in which a change is seen a moment before it is told
        return isSettled;
    });

    /// <summary>Notes what has been removed, once all that must be by now is: the sweep comes every full second.</summary>
    public async Task NoteRemovalsAsync(EngineFixture fixture)
    {
        TimeSpan now = fixture.Store.Now.Elapsed;
        foreach ((Guid id, long sequence) in _kept.ToArray())
        {
            if (_keptUntil.TryGetValue(id, out TimeSpan until) && until <= now)
            {
                await Patience.UntilAsync(async () => await fixture.Tasks.GetAsync(id) is null);
            }

            if (await fixture.Tasks.GetAsync(id) is null)
            {
                _kept.Remove(id);
                _story.Enqueue((sequence, now, "Removed"));
            }
        }
    }

    public IReadOnlyList<string> Story() =>
        [.. _story.OrderBy(line => line.Sequence).Select(line => string.Create(CultureInfo.InvariantCulture, $"{line.Sequence}: {line.At} {line.What}"))];

    /// <summary>Finds when a task moves by itself: it becomes due, its work is done, or its time is up. What has nothing to wait for, at once.</summary>
    private TimeSpan NextMoveOf(in TaskRecord record)
    {
        if (record.State == TaskState.Scheduled)
        {
            return record.Status.DueAt;
        }

        if (record is not { State: TaskState.Processing, Status.TimeoutFired: false } || !_workingUntil.TryGetValue((record.Id, record.Status.Attempt), out TimeSpan done))
        {
            return TimeSpan.MinValue;
        }

        TimeSpan timeout = TimeSpan.FromTicks(record.Status.LegStartTicks) + record.Definition.Timeout;
        return done < timeout ? done : timeout;
    }
}
