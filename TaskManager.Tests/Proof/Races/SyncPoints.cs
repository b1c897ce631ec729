using TaskManager.Tests.Core.Engine;

namespace TaskManager.Tests.Proof.Races;

/// <summary>A task manager over a store with sync points, and the arming of one of them for a single time.</summary>
internal sealed class SyncPoints : IAsyncDisposable
{
    private SyncPointStore? _store;

    private SyncPoints(Func<Work, TaskContext, Task<string>> handler, Action<TaskManagerOptions>? configure) =>
        Fixture = EngineFixture.Create(handler, configure, around: inner => _store = new SyncPointStore(inner));

    public EngineFixture Fixture { get; }

    public SyncPointStore Store => _store!;

    public static SyncPoints Create(Func<Work, TaskContext, Task<string>> handler, Action<TaskManagerOptions>? configure = null) => new(handler, configure);

    /// <summary>Lets something happen the next time that a status like this is about to be put in place, once.</summary>
    public void BeforeUpdate(Predicate<LifecycleStatus> when, Func<Task> then) => Store.BeforeUpdate = async status =>
    {
        if (when(status))
        {
            Store.BeforeUpdate = null;
            await then().Patiently();
        }
    };

    /// <summary>Lets something happen the next time that a status like this was put in place, once.</summary>
    public void AfterUpdate(Predicate<LifecycleStatus> when, Func<Task> then) => Store.AfterUpdate = async status =>
    {
        if (when(status))
        {
            Store.AfterUpdate = null;
            await then().Patiently();
        }
    };

    /// <summary>Lets something happen the next time that something was claimed, once.</summary>
    public void AfterClaim(Func<TaskRecord, Task> then) => Store.AfterClaim = async record =>
    {
        Store.AfterClaim = null;
        await then(record).Patiently();
    };

    /// <summary>Lets something happen when a task was looked up, once, after as many look-ups that pass.</summary>
    public void AfterFind(Guid id, int pass, Func<Task> then)
    {
        int left = pass;
        Store.AfterFind = async found =>
        {
            if (found == id && Interlocked.Decrement(ref left) == -1)
            {
                Store.AfterFind = null;
                await then().Patiently();
            }
        };
    }

    public ValueTask DisposeAsync() => Fixture.DisposeInTimeAsync();
}
