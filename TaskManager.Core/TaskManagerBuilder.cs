using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.DependencyInjection;
using TaskManager.Types;

namespace TaskManager;

/// <summary>Adds the handlers of an application's tasks. Got from <see cref="TaskManagerServices.AddTaskManager"/>.</summary>
public sealed class TaskManagerBuilder
{
    internal TaskManagerBuilder(IServiceCollection services) => Services = services;

    /// <summary>Gets the services that the manager is added to.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds a handler that computes its result without awaiting anything.</summary>
    /// <typeparam name="TParameters">What is asked.</typeparam>
    /// <typeparam name="TResult">What comes of it.</typeparam>
    /// <param name="taskType">The name of the type: 1 to 64 characters out of letters, digits, <c>_</c>, <c>-</c> and <c>.</c>.</param>
    /// <param name="handler">The code.</param>
    /// <param name="configure">Sets what is special about the type.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">The name is not a valid one, or the result is something to await, such as a <see cref="ValueTask"/>: return a <see cref="Task"/>.</exception>
    public TaskManagerBuilder AddHandler<TParameters, TResult>(
        string taskType, Func<TParameters, TaskContext, TResult> handler, Action<TaskTypeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add<TParameters, TResult>(taskType, new SynchronousInvoker<TParameters, TResult>(handler), configure);
    }

    /// <inheritdoc cref="AddHandler{TParameters, TResult}(string, Func{TParameters, TaskContext, TResult}, Action{TaskTypeOptions})"/>
    /// <summary>Adds an asynchronous handler.</summary>
    public TaskManagerBuilder AddHandler<TParameters, TResult>(
        string taskType, Func<TParameters, TaskContext, Task<TResult>> handler, Action<TaskTypeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add<TParameters, TResult>(taskType, new AsynchronousInvoker<TParameters, TResult>(handler), configure);
    }

    /// <summary>Adds an asynchronous handler without a result.</summary>
    /// <typeparam name="TParameters">What is asked.</typeparam>
    /// <param name="taskType">The name of the type: 1 to 64 characters out of letters, digits, <c>_</c>, <c>-</c> and <c>.</c>.</param>
    /// <param name="handler">The code.</param>
    /// <param name="configure">Sets what is special about the type.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">The name is not a valid one.</exception>
    public TaskManagerBuilder AddHandler<TParameters>(
        string taskType, Func<TParameters, TaskContext, Task> handler, Action<TaskTypeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add<TParameters, object>(taskType, new ResultlessInvoker<TParameters>(handler), configure);
    }

    /// <summary>Adds a handler that is a class, resolved from a scope of its own for each attempt.</summary>
    /// <typeparam name="TParameters">What is asked.</typeparam>
    /// <typeparam name="TResult">What comes of it.</typeparam>
    /// <typeparam name="THandler">The class; registered as scoped unless it is registered already.</typeparam>
    /// <param name="taskType">The name of the type: 1 to 64 characters out of letters, digits, <c>_</c>, <c>-</c> and <c>.</c>.</param>
    /// <param name="configure">Sets what is special about the type.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">The name is not a valid one, or the result is something to await, such as a <see cref="ValueTask"/>: return a <see cref="Task"/>.</exception>
    public TaskManagerBuilder AddHandler<
        TParameters, TResult, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        string taskType, Action<TaskTypeOptions>? configure = null)
        where THandler : class, ITaskHandler<TParameters, TResult>
    {
        Services.TryAddScoped<THandler>();
        return Add<TParameters, TResult>(taskType, new ClassInvoker<TParameters, TResult, THandler>(), configure);
    }

    /// <summary>Adds a type that workers run over the wire: any JSON in, any JSON out, as far as <paramref name="configure"/> says nothing else.</summary>
    /// <param name="taskType">The name of the type: 1 to 64 characters out of letters, digits, <c>_</c>, <c>-</c> and <c>.</c>.</param>
    /// <param name="configure">Sets what is special about the type.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">The name is not a valid one.</exception>
    public TaskManagerBuilder AddWorkerTaskType(string taskType, Action<WorkerTaskTypeOptions>? configure = null) =>
        Add<JsonElement, JsonElement, WorkerTaskTypeOptions>(taskType, invoker: null, configure);

    /// <summary>Adds a type that workers run over the wire, with .NET types for those who submit it here: parameters are checked and written, results read, by them.</summary>
    /// <typeparam name="TParameters">What is asked.</typeparam>
    /// <typeparam name="TResult">What comes of it.</typeparam>
    /// <param name="taskType">The name of the type: 1 to 64 characters out of letters, digits, <c>_</c>, <c>-</c> and <c>.</c>.</param>
    /// <param name="configure">Sets what is special about the type.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">The name is not a valid one, or the result is something to await, such as a <see cref="ValueTask"/>: return a <see cref="Task"/>.</exception>
    public TaskManagerBuilder AddWorkerTaskType<TParameters, TResult>(string taskType, Action<TaskTypeOptions>? configure = null) =>
        Add<TParameters, TResult, TaskTypeOptions>(taskType, invoker: null, configure);

    private TaskManagerBuilder Add<TParameters, TResult>(string taskType, IHandlerInvoker invoker, Action<TaskTypeOptions>? configure) =>
        Add<TParameters, TResult, TaskTypeOptions>(taskType, invoker, configure);

    private TaskManagerBuilder Add<TParameters, TResult, TOptions>(string taskType, IHandlerInvoker? invoker, Action<TOptions>? configure)
        where TOptions : TaskTypeOptions, new()
    {
        TaskTypeRegistration.ThrowIfNoName(taskType);
        TaskTypeRegistration.ThrowIfAwaitable(typeof(TResult), nameof(TResult));
        Services.AddSingleton(new TaskTypeRegistration(taskType, typeof(TParameters), typeof(TResult), invoker, Configured));
        return this;

        TaskTypeOptions Configured()
        {
            var options = new TOptions();
            configure?.Invoke(options);
            return options;
        }
    }
}
