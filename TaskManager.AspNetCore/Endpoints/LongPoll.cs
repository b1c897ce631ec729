using Microsoft.AspNetCore.Http;

namespace TaskManager.AspNetCore.Endpoints;

/// <summary>Waits on a client's behalf: until the task changes, the time is over, the client has gone, or the process shuts down.</summary>
internal static class LongPoll
{
    /// <summary>Waits until the task's status is another one.</summary>
    /// <returns>The task as it stands then.</returns>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    public static Task<TaskRecord> ForChangeAsync(ITaskManager tasks, HttpContext context, TaskRecord seen, TimeSpan timeout) =>
        WaitAsync(tasks, context, seen, token => tasks.WaitForChangeAsync(seen.Id, seen.State, timeout, token));

    /// <summary>Waits until the task has ended.</summary>
    /// <returns>The task as it stands then.</returns>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    public static Task<TaskRecord> ForEndAsync(ITaskManager tasks, HttpContext context, TaskRecord seen, TimeSpan timeout) =>
        WaitAsync(tasks, context, seen, token => tasks.WaitForEndAsync(seen.Id, timeout, token));

    private static async Task<TaskRecord> WaitAsync(
        ITaskManager tasks, HttpContext context, TaskRecord seen, Func<CancellationToken, ValueTask<TaskRecord?>> wait)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, tasks.Stopping);
        try
        {
            return await wait(over.Token).ConfigureAwait(false) ?? seen; // removed while it was waited for: what was seen last
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            return await tasks.GetAsync(seen.Id, CancellationToken.None).ConfigureAwait(false) ?? seen;
        }
    }
}
