namespace TaskManager.Tests.Core;

/// <summary>
/// What every store must do, asked through <see cref="ITaskStore"/> alone; one file a subject. A store proves itself by a subclass that makes it. After every step
/// <see cref="StoreSteps"/> holds the store's counts against the changes that it told of.
/// </summary>
[Trait("Proof", "contract")]
public abstract partial class TaskStoreContract
{
    private protected static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private protected static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private protected ManualClock Clock { get; } = new();

    protected abstract ITaskStore CreateStore(TaskManagerOptions options, TimeProvider clock);

    private protected StoreSteps Create(Action<TaskManagerOptions>? configure = null)
    {
        var options = new TaskManagerOptions();
        configure?.Invoke(options);
        return new StoreSteps(CreateStore(options, Clock));
    }

    private protected static Guid[] Ids(IEnumerable<TaskRecord> records) => [.. records.Select(record => record.Id)];

    /// <summary>JSON of so many bytes, which a store counts.</summary>
    private protected static JsonPayload Bytes(int count) => new(new byte[count], Value: null);
}
