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
}
