namespace TaskManager.Types;

/// <summary>Calls user code of any shape in one way; the shapes are the delegates and the class of <see cref="TaskManagerBuilder"/>.</summary>
internal interface IHandlerInvoker
{
    /// <summary>Enters the handler. May throw at once, block, or never end: that is the caller's to bear.</summary>
    /// <param name="parameters">A value of the type's parameters.</param>
    /// <param name="context">The attempt.</param>
    /// <returns>The result.</returns>
    ValueTask<object?> InvokeAsync(object? parameters, TaskContext context);
}
