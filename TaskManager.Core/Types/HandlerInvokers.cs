using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace TaskManager.Types;

internal sealed class SynchronousInvoker<TParameters, TResult>(Func<TParameters, TaskContext, TResult> handler) : IHandlerInvoker
{
    public ValueTask<object?> InvokeAsync(object? parameters, TaskContext context) => new(handler((TParameters)parameters!, context));
}

internal sealed class AsynchronousInvoker<TParameters, TResult>(Func<TParameters, TaskContext, Task<TResult>> handler) : IHandlerInvoker
{
    public ValueTask<object?> InvokeAsync(object? parameters, TaskContext context) => Boxed.Of(handler((TParameters)parameters!, context));
}

internal sealed class ResultlessInvoker<TParameters>(Func<TParameters, TaskContext, Task> handler) : IHandlerInvoker
{
    public async ValueTask<object?> InvokeAsync(object? parameters, TaskContext context)
    {
        await handler((TParameters)parameters!, context).ConfigureAwait(false);
        return null;
    }
}

internal sealed class ClassInvoker<TParameters, TResult, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>
    : IHandlerInvoker
    where THandler : class, ITaskHandler<TParameters, TResult>
{
    public ValueTask<object?> InvokeAsync(object? parameters, TaskContext context) =>
        Boxed.Of(context.Services.GetRequiredService<THandler>().HandleAsync((TParameters)parameters!, context));
}

internal static class Boxed
{
    public static ValueTask<object?> Of<TResult>(Task<TResult> running)
    {
        // A finished task is the common case of short handlers; it needs no state machine.
        return running.IsCompletedSuccessfully ? new ValueTask<object?>(running.Result) : AwaitAsync(running);

        static async ValueTask<object?> AwaitAsync(Task<TResult> task) => await task.ConfigureAwait(false);
    }
}
