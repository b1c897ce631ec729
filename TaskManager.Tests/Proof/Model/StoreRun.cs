using Microsoft.Extensions.DependencyInjection;
using TaskManager.Storage;

namespace TaskManager.Tests.Proof.Model;

/// <summary>One sequence of commands against the in-memory store and the lifecycle, held against the model after each.</summary>
internal sealed partial class StoreRun
{
    private const int MaxRescues = 2;

    private static readonly TaskManagerOptions Options = new()
    {
        QueueCapacity = 14,
        MaxRetained = 9,
        Retention = TimeSpan.FromSeconds(40),
        MaxIdempotencyKeys = 6,
        MaxLogEntries = 3,
    };

    private static readonly TaskTypeRegistry Registry = NewRegistry();

    // What runs in this process, and what workers run: an attempt that stands still can go on with its holder alone.
    private static readonly string[] PoolTypes = ["plain", "slow"];
    private static readonly string[] WorkerTypes = ["narrow"];
    private static readonly TaskTypeSet PoolTypeSet = new(PoolTypes);
    private static readonly TaskTypeSet WorkerTypeSet = new(WorkerTypes);

    private readonly ManualClock _clock = new();
    private readonly InMemoryTaskStore _store;
    private readonly TaskModel _model;
    private readonly ModelClaimant _pool = new(PoolTypes);
    private readonly ModelClaimant _workers = new(WorkerTypes);
    private readonly LawBook _laws = new();
    private readonly Queue<TaskChange> _changes = new();
    private readonly HashSet<Guid> _tokens = [Guid.Empty];

    private StoreRun()
    {
        _store = new InMemoryTaskStore(Options, _clock);
        _store.Changed += change =>
        {
            _laws.Witness(change);
            _changes.Enqueue(change);
        };
        _model = new TaskModel(Options, Registry.All, _store.Now);
    }

    public static async Task PlayAsync(IReadOnlyList<Command> commands)
    {
        var run = new StoreRun();
        foreach (Command command in commands)
        {
            await run.DoAsync(command);
            await run.CheckAsync(swept: command.Kind == CommandKind.Sweep);
        }

        await run.EndAsync();
    }

    private static TaskTypeRegistry NewRegistry()
    {
        ServiceProvider provider = new ServiceCollection()
            .AddTaskManager()
            .AddHandler("plain", (Plain _, TaskContext _) => "done")
            .AddHandler("narrow", (Narrow _, TaskContext _) => "done", type => (type.MaxConcurrency, type.MaxAttempts, type.RetryOnTimeout) = (2, 3, true))
            .AddHandler("slow", (Slow _, TaskContext _) => "done", type => type.Rate = new TaskRate(2, TimeSpan.FromSeconds(5)))
            .Services.BuildServiceProvider();
        return provider.GetRequiredService<TaskTypeRegistry>();
    }

    private Task DoAsync(Command command) => command.Kind switch
    {
        CommandKind.Submit => SubmitAsync(command),
        CommandKind.SubmitMany => SubmitManyAsync(command),
        CommandKind.Claim => ClaimAsync(command),
        CommandKind.GoOn => GoOnAsync(command),
        CommandKind.Retry => RetryAsync(command),
        CommandKind.Remove => RemoveAsync(command),
        CommandKind.Progress => ReportAsync(command),
        CommandKind.Log => LogAsync(command),
        CommandKind.Advance => MoveClock(() => _clock.Advance(TimeSpan.FromMilliseconds(command.Amount * 7))),
        CommandKind.JumpWall => MoveClock(() => _clock.JumpWall(TimeSpan.FromSeconds((command.Amount - 500) * 7))),
        CommandKind.QueueDue => QueueDueAsync(),
        CommandKind.Sweep => SweepAsync(),
        CommandKind.Page => PageAsync(command),
        CommandKind.StaleUpdate => UpdateStaleAsync(command),
        _ => MoveAsync(command),
    };

    private Task MoveClock(Action move)
    {
        move();
        _model.MoveTo(_store.Now);
        return Task.CompletedTask;
    }

    /// <summary>Takes the changes that must follow from the command's own: the ends of parents, and what those ends bring with them.</summary>
    private void FollowUp(params ReadOnlySpan<ModelTask> moved)
    {
        foreach (ModelTask task in moved)
        {
            Assert.True(_changes.TryDequeue(out TaskChange change), $"{task} should have changed.");
            Assert.Equal(task.Id, change.Record.Id);
        }

        while (_changes.TryDequeue(out TaskChange change))
        {
            Assert.True(_model.TryTellOfParent(change.Record), $"#{change.Record.Definition.Sequence} changed to {change.Record.State}, and nobody knows why.");
        }

        Assert.False(_model.IsAnyUntold, "A task was not told of the end of its parent.");
        _model.ForgetTheDeaf();
    }

    private async Task CheckAsync(bool swept)
    {
        FollowUp();
        foreach (ModelTask task in _model.Kept.ToArray())
        {
            if (await _store.FindAsync(task.Id, CancellationToken.None) is not { } record)
            {
                _model.Forget(task);
                _laws.Forget(task.Id);
                Assert.Equal(task.Unwanted, _store.WasRemoved(task.Id));
                continue;
            }

            Comparison.AssertSame(task, record, _store.Now);
            Comparison.AssertSameProgress(task, record);
        }

        Assert.All(_model.Kept, task => Assert.False(_model.MustBeGone(task, swept), $"{task} should be gone."));
        await CheckCountsAsync();
    }

    private async Task CheckCountsAsync()
    {
        TaskCounts counts = await _store.CountAsync(CancellationToken.None);
        Assert.Equal((_model.Accepted, _model.Gone.Count), (counts.Accepted, (int)counts.Removed));
        Assert.True(counts.Accepted == counts.ByState.Values.Sum() + counts.Removed, "Law 6: accepted = sum over the states + removed.");
        Assert.All(counts.ByState, pair => Assert.Equal(_model.Kept.Count(task => task.State == pair.Key), pair.Value));
        Assert.All(counts.ByType, type => Assert.All(type.Value, pair => Assert.Equal(
            _model.Kept.Count(task => task.Type.Name == type.Key && task.State == pair.Key), pair.Value)));
        Assert.All(_model.Types, type => Assert.Equal(HoldOf(type), _store.HoldOf(type.Type)));
        Assert.Equal(_model.Keys.IdempotencyKeys, counts.IdempotencyKeys);
        Assert.Equal(_model.Unfinished >= Options.QueueCapacity, _store.IsFull);

        Assert.True(_model.Unfinished <= Options.QueueCapacity, "Law 12: the queue's bound.");
        Assert.True(counts.IdempotencyKeys <= Options.MaxIdempotencyKeys, "Law 12: the bound of keys.");
        Assert.True(_model.Kept.Count(task => task.IsFinal && !_model.IsNeeded(task)) <= Options.MaxRetained, "Law 12: the bound of retained tasks.");
    }

    private TypeHold HoldOf(ModelType type) =>
        _model.IsAtLimit(type) ? TypeHold.Concurrency
        : type.UntilRateAllows(_store.Now.Elapsed) > TimeSpan.Zero ? TypeHold.Rate
        : TypeHold.None;

    /// <summary>Ends everything, and finds that nothing stays behind.</summary>
    private async Task EndAsync()
    {
        while (_model.Kept.FirstOrDefault(task => !task.IsFinal) is { } task)
        {
            await ApplyAsync(task, LifecycleEvent.Shutdown(), () => ModelAttempts.ShutDown(task, _model.Now));
            await CheckAsync(swept: false);
        }

        await MoveClock(() => _clock.Advance(Options.Retention));
        await SweepAsync();
        await CheckAsync(swept: true);

        TaskCounts counts = await _store.CountAsync(CancellationToken.None);
        Assert.Equal((counts.Accepted, 0L, 0), (counts.Removed, counts.StoredBytes, counts.IdempotencyKeys));
        Assert.Empty((await _store.ListAsync(new TaskQuery(), CancellationToken.None)).Items);
    }

    private sealed record Plain(string Name);

    private sealed record Narrow(string Name);

    private sealed record Slow(string Name);
}
