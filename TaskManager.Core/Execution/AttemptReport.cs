using TaskManager.Lifecycle;

namespace TaskManager.Execution;

/// <summary>Turns the way a handler ended into the event that the lifecycle decides on.</summary>
internal static class AttemptReport
{
    private static readonly TimeSpan LongestDoubled = TimeSpan.FromMinutes(5);

    public static LifecycleEvent Of(in TaskRecord record, object? result, Exception? thrown, bool isStopped, bool isShutDown, TaskManagerOptions options)
    {
        int attempt = record.Status.Attempt;
        if (thrown is null)
        {
            return Completed(record, result, options);
        }

        if (isStopped && isShutDown && record.Status is { CancelRequested: false, TimeoutFired: false })
        {
            return LifecycleEvent.Shutdown();
        }

        TaskError? error = isStopped ? null : TaskError.FromException(thrown);
        return LifecycleEvent.Fail(attempt, error, RetryDelay(record, thrown));
    }

    /// <summary>Draws the delay before the next attempt of a task whose attempt has just failed.</summary>
    public static TimeSpan Backoff(in TaskRecord record) =>
        Backoff(record.Definition.Type.RetryDelay, record.Status.Failures + 1);

    /// <summary>Doubling stops at five minutes, but a type that asks for a longer delay gets it.</summary>
    private static TimeSpan Backoff(TimeSpan first, int failures) =>
        RetryBackoff.Delay(first, first > LongestDoubled ? first : LongestDoubled, failures, Random.Shared.NextDouble());

    private static LifecycleEvent Completed(in TaskRecord record, object? result, TaskManagerOptions options)
    {
        // Who submitted over the wire will read over the wire: what cannot be written is found now, not at each read.
        if (record.Definition.Parameters is not JsonPayload)
        {
            return LifecycleEvent.Complete(record.Status.Attempt, result);
        }

        JsonPayload? payload = record.Definition.Type.Codec.TrySerializeResult(result, options.MaxResultBytes, out TaskError? error);
        return payload is null
            ? LifecycleEvent.Fail(record.Status.Attempt, error, retryDelay: null)
            : LifecycleEvent.Complete(record.Status.Attempt, payload);
    }

    private static TimeSpan? RetryDelay(in TaskRecord record, Exception thrown) => thrown switch
    {
        TaskAttemptException { IsRetryable: false } => null,
        TaskAttemptException { RetryAfter: { } asked } => asked < TimeSpan.Zero ? TimeSpan.Zero : asked,
        _ => Backoff(record),
    };
}
