using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using TaskManager.Engine;

namespace TaskManager.Tests.AspNetCore.Endpoints;

/// <summary>A task that is removed between two looks of one request, as by retention.</summary>
[Trait("Proof", "http")]
public sealed class VanishedTaskTests
{
    [Fact]
    public async Task Stream_TaskVanishesBeforeItIsWatched_Is404()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup
        {
            Build = builder => builder.Services.AddSingleton<ITaskManager>(services =>
            {
                ITaskManager manager = DispatchProxy.Create<ITaskManager, FindsEveryTask>();
                ((FindsEveryTask)manager).Engine = services.GetRequiredService<TaskEngine>();
                return manager;
            }),
        });

        (await app.GetAsync($"/tasks/{Guid.CreateVersion7()}/events")).IsProblem(404, "task-not-found");
    }

    /// <summary>Finds every task that is looked up; all else is the engine's, which has none.</summary>
    public class FindsEveryTask : DispatchProxy
    {
        internal TaskEngine Engine { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name == nameof(ITaskManager.GetAsync)
            ? new ValueTask<TaskRecord?>(default(TaskRecord))
            : targetMethod.Invoke(Engine, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
    }
}
