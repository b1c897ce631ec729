namespace TaskManager.Execution;

/// <summary>Gets the result of a completed task as a .NET value, wherever it came from.</summary>
internal static class ResultValue
{
    /// <exception cref="InvalidCastException">The result is of another type.</exception>
    public static TResult? Of<TResult>(in TaskRecord record)
    {
        object? value = record.Status.Result is JsonPayload payload
            ? payload.Value ?? record.Definition.Type.Codec.ReadResult(payload.Utf8.Span)
            : record.Status.Result;
        return value switch
        {
            null => default,
            TResult result => result,
            _ => throw new InvalidCastException(
                $"The result of task {record.Id} of type {record.Definition.Type.Name} is of type {value.GetType()}, not {typeof(TResult)}."),
        };
    }

    /// <summary>Gets the result of a task that must have completed.</summary>
    /// <exception cref="TaskNotCompletedException">It has not; the derived type says why.</exception>
    public static TResult OfCompleted<TResult>(Guid id, TaskRecord? found)
    {
        if (found is not { } record)
        {
            throw new TaskNotFoundException(id, error: null, $"There is no task {id}, or none any more.");
        }

        TaskError? error = record.Status.Error;
        return record.State switch
        {
            TaskState.Completed => Of<TResult>(record)!,
            TaskState.Failed => throw new TaskFailedException(id, error, Sentence(id, "failed", error)),
            TaskState.TimedOut => throw new TaskTimedOutException(id, error, Sentence(id, "timed out", error)),
            TaskState.Cancelled => throw new TaskCancelledException(id, error, Sentence(id, "was cancelled", error)),
            _ => throw new TaskNotCompletedException(id, error: null, $"The task {id} has not ended: it is {record.State.WireName()}."),
        };
    }

    private static string Sentence(Guid id, string end, TaskError? error) => error is null ? $"The task {id} {end}." : $"The task {id} {end}: {error.Message}";
}
