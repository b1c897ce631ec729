using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TaskManager.Api.Samples;

namespace TaskManager.Tests.Api.Samples;

/// <summary>The sample tasks on a manual clock. No attempt times out unless a test says so.</summary>
internal sealed class SampleHost : IAsyncDisposable
{
    public const double StepSeconds = 0.1; // as long as a sample waits at most before it looks at its checkpoint again

    private const int IdleTimers = 1; // the sweeper's

    private readonly ServiceProvider _provider;
    private readonly bool _misbehaving;

    public SampleHost(Action<TaskManagerOptions>? configure = null, bool misbehaving = false)
    {
        _misbehaving = misbehaving;
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton<ILoggerFactory>(Log);
        services
            .AddTaskManager(options =>
            {
                options.DefaultTimeout = Timeout.InfiniteTimeSpan;
                options.Retention = TimeSpan.FromDays(1);
                configure?.Invoke(options);
            })
            .AddSampleTasks(Configuration(("SampleTasks:Misbehaving", misbehaving ? "true" : "false")));
        _provider = services.BuildServiceProvider();
        Tasks = _provider.GetRequiredService<ITaskManager>();
    }

    public ManualClock Clock { get; } = new();

    public LogTally Log { get; } = new();

    public ITaskManager Tasks { get; }

    public ITaskPool Pool => _provider.GetRequiredService<ITaskPool>();

    private const int MostSteps = 100_000; // nearly three hours

    public bool SomebodyWaits => Clock.ActiveTimers > IdleTimers;

    public static IConfiguration Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();

    /// <summary>Submits as somebody does who sends JSON.</summary>
    public ValueTask<SubmitResult> SendAsync(string taskType, string parameters, SubmitOptions? options = null) =>
        Tasks.TrySubmitAsync(new TaskRequest(taskType, new JsonPayload(Encoding.UTF8.GetBytes(parameters), Value: null), options));

    public async Task<TaskHandle> SubmitAsync(string taskType, string parameters, SubmitOptions? options = null) =>
        Tasks.GetHandle(Assert.IsType<SubmitResult.Accepted>(await SendAsync(taskType, parameters, options)).Task.Id);

    public async Task<TaskRecord> RunAsync(string taskType, string parameters, SubmitOptions? options = null) =>
        await AdvanceToEndAsync(await SubmitAsync(taskType, parameters, options));

    public Task<TaskRecord> AdvanceToEndAsync(TaskHandle task) => AdvanceUntilAsync(task, record => record.IsDone);

    /// <summary>Advances the clock step by step, and only while somebody waits for it, until the task stands as asked or has ended.</summary>
    public async Task<TaskRecord> AdvanceUntilAsync(TaskHandle task, Func<TaskRecord, bool> condition)
    {
        TaskRecord record = default;
        bool isThere = false;
        for (int steps = 0; !isThere; steps++)
        {
            Assert.True(steps < MostSteps, "The task did not get there.");
            await Patience.UntilAsync(StepAsync); // each step by itself: a long task takes many
            await Task.Yield();
        }

        return record;

        async Task<bool> StepAsync()
        {
            (bool somebodyWaits, bool handlerWaits) = (SomebodyWaits, Clock.Waits > 0);
            record = (await task.GetAsync())!.Value;
            somebodyWaits &= handlerWaits || !IsUpToItsHandler(record);
            isThere = record.IsDone || condition(record);
            if (somebodyWaits && !isThere)
            {
                Clock.Advance(TimeSpan.FromSeconds(StepSeconds));
            }

            return somebodyWaits || isThere;
        }
    }

    // While a handler that waits as it should works, an alarm for its reports may be set, which must not let the time pass.
    private bool IsUpToItsHandler(in TaskRecord record) =>
        !_misbehaving && record.Status is { State: TaskState.Processing, CancelRequested: false, TimeoutFired: false } && record.Definition.Timeout == Timeout.InfiniteTimeSpan;

    /// <summary>Waits, without moving the clock, until the task has reached a state or has ended.</summary>
    public static async Task<TaskRecord> WhenAsync(TaskHandle task, TaskState state)
    {
        // Looks again and again: a wait of the handle's own would be among those that wait for the clock.
        TaskRecord record = default;
        await Patience.UntilAsync(async () => (record = (await task.GetAsync())!.Value).State == state || record.IsDone);
        return record;
    }

    public static Task<TaskRecord> WhenEndedAsync(TaskHandle task) => WhenAsync(task, TaskState.Completed);

    /// <summary>Submits a task and waits until its handler waits for the clock.</summary>
    public async Task<TaskHandle> BeginAsync(string taskType, string parameters, SubmitOptions? options = null)
    {
        TaskHandle task = await SubmitAsync(taskType, parameters, options);
        await Patience.UntilAsync(() => SomebodyWaits);
        return task;
    }

    public static string ResultOf(in TaskRecord record) => Encoding.UTF8.GetString(Assert.IsType<JsonPayload>(record.Status.Result).Utf8.Span);

    public static JsonElement ResultElementOf(in TaskRecord record) => JsonDocument.Parse(ResultOf(record)).RootElement;

    public async ValueTask DisposeAsync()
    {
        Task disposing = _provider.DisposeAsync().AsTask();
        await Patience.UntilAsync(() =>
        {
            Clock.Advance(TimeSpan.FromSeconds(1)); // the drain's grace
            return disposing.IsCompleted;
        });
        await disposing;
    }
}
