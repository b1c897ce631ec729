using Microsoft.Extensions.DependencyInjection;

namespace TaskManager.Tests.Core;

/// <summary>Task types for tests that run no handler.</summary>
internal static class TestTypes
{
    public static readonly TaskType Plain = Create("plain");

    public static readonly TaskType Other = Create("other");

    /// <summary>What a claim of the tests may take: every type that they make.</summary>
    public static readonly TaskTypeSet All = new(["plain", "other", "busy", "limited", "quick", "slow"]);

    public static TaskType Create(string name, Action<TaskTypeOptions>? configure = null) => Registry(builder => builder.AddHandler(name, (string _, TaskContext _) => 0, configure)).Find(name)!;

    public static TaskTypeRegistry Registry(Action<TaskManagerBuilder> configure)
    {
        TaskManagerBuilder builder = new ServiceCollection().AddTaskManager();
        configure(builder);
        using ServiceProvider services = builder.Services.BuildServiceProvider();
        return services.GetRequiredService<TaskTypeRegistry>();
    }
}
