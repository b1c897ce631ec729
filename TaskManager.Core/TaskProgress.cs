namespace TaskManager;

/// <summary>How far an attempt has come. Only the latest report is kept.</summary>
/// <param name="Step">Steps done, at least 0.</param>
/// <param name="Total">Steps in all, or 0 when that is not known.</param>
/// <param name="Message">What is being done, at most 4 KiB of UTF-8; <see langword="null"/> for nothing to say.</param>
public sealed record TaskProgress(double Step, double Total, string? Message = null)
{
    /// <summary>Gets how much is done, from 0 to 100; 0 while <see cref="Total"/> is not known.</summary>
    public double Percent => Total > 0 ? Math.Round(Math.Clamp(Step / Total, 0, 1) * 100, 2) : 0;

    /// <summary>Gets how many reports the task has made in its present life, this one included.</summary>
    public long Count { get; internal init; }
}
