namespace TaskManager.Benchmarks.Report;

/// <summary>One line of the table.</summary>
/// <param name="Scenario">What was measured.</param>
/// <param name="Figure">What it cost TaskManager.</param>
/// <param name="Limit">What it cost the bare limit in the same run.</param>
/// <param name="Peers">What it cost others in the same run.</param>
/// <param name="Ratio">How TaskManager stands to them; the median of the ratios of the rounds.</param>
/// <param name="Goal">What was hoped for.</param>
/// <param name="IsMet">Whether it came true; <see langword="null"/> where there is no goal.</param>
internal sealed record Row(string Scenario, string Figure, string Limit = "", string Peers = "", string Ratio = "", string Goal = "", bool? IsMet = null)
{
    /// <summary>A line that could not be measured, so that nobody takes its absence for a success.</summary>
    public static Row Skipped(string scenario, string reason) => new(scenario, $"skipped: {reason}");
}
