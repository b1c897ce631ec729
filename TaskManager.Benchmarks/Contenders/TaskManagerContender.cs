using Microsoft.Extensions.DependencyInjection;

namespace TaskManager.Benchmarks.Contenders;

/// <summary>The library, as an application uses it.</summary>
internal sealed class TaskManagerContender : IContender
{
    private readonly ServiceProvider _services;

    public TaskManagerContender(int kept, Action<TaskManagerOptions>? configure = null)
    {
        TaskManagerBuilder builder = new ServiceCollection().AddTaskManager(options =>
        {
            options.MaxConcurrency = 5;
            options.MaxRetained = kept;
            options.Retention = TimeSpan.FromDays(1);
            configure?.Invoke(options);
        });
        builder.AddHandler("nothing", (NoWork _, TaskContext _) => "done").AddHandler("double", (Doubling task, TaskContext _) => new Doubled(2 * task.Value));
        _services = builder.Services.BuildServiceProvider();
        Tasks = _services.GetRequiredService<ITaskManager>();
    }

    public ITaskManager Tasks { get; }

    public async Task RunManyAsync(int tasks)
    {
        for (int i = 0; i < tasks; i++)
        {
            await Tasks.SubmitAsync(NoWork.Instance);
        }

        await Tasks.WhenIdleAsync();
    }

    public async Task RunOneAsync() => await (await Tasks.SubmitAsync(NoWork.Instance)).WaitAsync();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
