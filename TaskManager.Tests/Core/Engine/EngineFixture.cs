using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TaskManager.Engine;
using TaskManager.Execution;
using TaskManager.Storage;

namespace TaskManager.Tests.Core.Engine;

/// <summary>A task manager on a manual clock, with one type of task whose handler each test gives.</summary>
internal sealed class EngineFixture : IAsyncDisposable
{
    public const string TypeName = "work";

    private readonly ServiceProvider _provider;

    private EngineFixture(ServiceProvider provider, ManualClock clock)
    {
        _provider = provider;
        Clock = clock;
        Tasks = provider.GetRequiredService<ITaskManager>();
        Engine = provider.GetRequiredService<TaskEngine>();
    }

    public ManualClock Clock { get; }

    public ITaskManager Tasks { get; }

    public TaskEngine Engine { get; }

    public ITaskPool Pool => _provider.GetRequiredService<ITaskPool>();

    public WorkerPool WorkerPool => (WorkerPool)Pool;

    public ITaskStore Store => _provider.GetRequiredService<ITaskStore>();

    public static EngineFixture Create(
        Func<Work, TaskContext, Task<string>> handler,
        Action<TaskManagerOptions>? configure = null,
        Action<TaskTypeOptions>? type = null,
        Action<TaskManagerBuilder>? more = null,
        Func<ITaskStore, ITaskStore>? around = null)
    {
        var clock = new ManualClock();
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(clock);
        if (around is not null)
        {
            services.AddSingleton(provider => around(new InMemoryTaskStore(provider.GetRequiredService<IOptions<TaskManagerOptions>>().Value, clock)));
        }

        TaskManagerBuilder builder = services.AddTaskManager(configure).AddHandler(TypeName, handler, type);
        more?.Invoke(builder);
        return new EngineFixture(services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true }), clock);
    }

    public async Task<TaskHandle<string>> SubmitAsync(string name = "", SubmitOptions? options = null) => await Tasks.SubmitAsync(new Work(name), options);

    public ValueTask DisposeAsync() => _provider.DisposeAsync();

    /// <summary>Disposes while the clock goes on, so that it ends even where a handler does not.</summary>
    public async ValueTask DisposeInTimeAsync()
    {
        Task disposing = DisposeAsync().AsTask();
        await Patience.UntilAsync(() =>
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            return disposing.IsCompleted;
        });
        await disposing;
    }
}

internal sealed record Work(string Name) : ITaskParameters<string>;
