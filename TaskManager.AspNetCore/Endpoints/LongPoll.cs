using Microsoft.AspNetCore.Http;

namespace TaskManager.AspNetCore.Endpoints;

/// <summary>Waits on a client's behalf: until the task changes, the time is over, the client has gone, or the process shuts down.</summary>
internal static class LongPoll
{
    /// <summary>Waits until the task's status is another one.</summary>
    /// <returns>The task as it stands then; <see langword="null"/> when it was removed meanwhile.</returns>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    /// <exception cref="TooManyWaitersException">As many calls wait as may.</exception>
    public static Task<TaskRecord?> ForChangeAsync(ITaskManager tasks, HttpContext context, in TaskRecord seen, TimeSpan timeout) =>
        WaitAsync(tasks, context, seen.Id, seen.State, timeout);

    /// <summary>Waits until the status of a task that something was just asked of is another one. What was asked is done, so that the wait is a courtesy.</summary>
    /// <returns>The task as it stands then; <see langword="null"/> when it was removed meanwhile, or when as many calls wait as may.</returns>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    public static Task<TaskRecord?> TryForChangeAsync(ITaskManager tasks, HttpContext context, in TaskRecord seen, TimeSpan timeout) =>
        IfThereIsRoomAsync(ForChangeAsync(tasks, context, seen, timeout));

    /// <summary>Waits until a task that was just submitted has ended. It is admitted, so that the wait is a courtesy.</summary>
    /// <returns>The task as it stands then; <see langword="null"/> when it was removed meanwhile, or when as many calls wait as may.</returns>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    public static Task<TaskRecord?> TryForEndAsync(ITaskManager tasks, HttpContext context, in TaskRecord seen, TimeSpan timeout) =>
        IfThereIsRoomAsync(WaitAsync(tasks, context, seen.Id, seen: null, timeout));

    /// <summary>Waits until the state is another one than was seen; when none was, until the task has ended. Tens of thousands may wait, so it keeps few locals and no closure.</summary>
    private static async Task<TaskRecord?> WaitAsync(ITaskManager tasks, HttpContext context, Guid id, TaskState? seen, TimeSpan timeout)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, tasks.Stopping);
        try
        {
            return seen is { } state
                ? await tasks.WaitForChangeAsync(id, state, timeout, over.Token).ConfigureAwait(false)
                : await tasks.WaitForEndAsync(id, timeout, over.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            return await tasks.GetAsync(id, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static async Task<TaskRecord?> IfThereIsRoomAsync(Task<TaskRecord?> wait)
    {
        try
        {
            return await wait.ConfigureAwait(false);
        }
        catch (TooManyWaitersException)
        {
            return null;
        }
    }
}
