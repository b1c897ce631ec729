using TaskManager.Admission;
using TaskManager.Diagnostics;
using TaskManager.Signals;

namespace TaskManager.Tests.Core.Admission;

/// <summary>A submitter before a store in memory; what ends there raises the hint of room, as in the engine.</summary>
internal sealed class SubmitterFixture : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly MeterFactory _meters = new(); // its own: whoever listens to all meters of the process would observe it
    private readonly Telemetry _telemetry;

    public SubmitterFixture(int capacity = 100, Action<TaskManagerOptions>? configure = null, Func<ITaskStore, ITaskStore>? around = null)
    {
        Steps = StoreSteps.InMemory(new ManualClock(), options =>
        {
            options.QueueCapacity = capacity;
            configure?.Invoke(options);
        });
        Steps.Store.Changed += change =>
        {
            if (change.Record.IsDone)
            {
                Room.Raise();
            }
        };
        _telemetry = new Telemetry(_meters, new TypeTallies(1), () => throw new InvalidOperationException("Nobody observes."));
        TaskTypeRegistry types = TestTypes.Registry(builder => builder.AddHandler("text", (string _, TaskContext _) => 0));
        Submitter = new Submitter(around?.Invoke(Steps.Store) ?? Steps.Store, new SubmissionValidator(types, new TaskManagerOptions()), Room, _telemetry, _stopping.Token);
    }

    public StoreSteps Steps { get; }

    public RoomHint Room { get; } = new();

    public Submitter Submitter { get; }

    public static TaskRequest Request(SubmitOptions? options = null, string? type = "text", object? parameters = null) => new(type, parameters ?? "hello", options);

    public void Stop() => _stopping.Cancel();

    public Task<Guid> SubmitAsync(TaskRequest? request = null, CancellationToken cancellationToken = default) =>
        Submitter.SubmitAsync(request ?? Request(), cancellationToken).AsTask();

    public Task<SubmitResult> TrySubmitAsync(TaskRequest request) => Submitter.TrySubmitAsync(request, CancellationToken.None).AsTask();

    public Task<IReadOnlyList<SubmitResult>> TrySubmitManyAsync(bool atomic, params TaskRequest[] requests) =>
        Submitter.TrySubmitManyAsync(requests, atomic, CancellationToken.None).AsTask();

    public void Dispose()
    {
        _stopping.Dispose();
        Room.Dispose();
        _telemetry.Dispose();
        _meters.Dispose();
    }
}
