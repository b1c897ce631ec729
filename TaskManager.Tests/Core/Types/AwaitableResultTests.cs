using Microsoft.Extensions.DependencyInjection;

namespace TaskManager.Tests.Core.Types;

/// <summary>A handler that returns what is awaited would be taken for one that has ended.</summary>
public sealed class AwaitableResultTests
{
    private readonly TaskManagerBuilder _builder = new ServiceCollection().AddTaskManager();

    [Fact]
    public void AddHandler_ReturnsAValueTask_IsRefusedAndSaysWhatToReturn()
    {
        var error = Assert.Throws<ArgumentException>(() => _builder.AddHandler("store", (string _, TaskContext _) => ValueTask.CompletedTask));

        Assert.Equal("A handler must return its result or a Task, not a System.Threading.Tasks.ValueTask; AsTask() makes a Task of a ValueTask. (Parameter 'TResult')", error.Message);
        Assert.Throws<ArgumentException>(() => _builder.AddHandler("store", (string text, TaskContext _) => new ValueTask<int>(text.Length)));
        Assert.Throws<ArgumentException>(() => _builder.AddHandler<string, Task>("store", (string _, TaskContext _) => Task.CompletedTask));
        Assert.Throws<ArgumentException>(() => _builder.AddHandler<string, Task<int>, Nested>("store"));
        Assert.DoesNotContain(_builder.Services, service => service.ServiceType.Name == "TaskTypeRegistration");
    }

    private sealed class Nested : ITaskHandler<string, Task<int>>
    {
        public Task<Task<int>> HandleAsync(string parameters, TaskContext context) => Task.FromResult(Task.FromResult(0));
    }
}
