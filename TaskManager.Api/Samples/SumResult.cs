namespace TaskManager.Api.Samples;

internal sealed record SumResult(double Sum)
{
    /// <exception cref="TaskAttemptException">The sum is no number that JSON can write. Another attempt would get it again.</exception>
    public static SumResult Of(double sum) => double.IsFinite(sum)
        ? new SumResult(sum)
        : throw new TaskAttemptException("overflow", "The sum is too large for a number.") { IsRetryable = false };
}
