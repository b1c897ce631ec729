namespace TaskManager.Benchmarks.Report;

/// <summary>The same figure of every round.</summary>
internal sealed record Series(IReadOnlyList<double> Values)
{
    public double Median => Quantile(0.5);

    public double Quantile(double share)
    {
        double[] sorted = [.. Values.Order()];
        return sorted[Math.Min((int)(share * sorted.Length), sorted.Length - 1)];
    }

    /// <summary>The median of the ratios, round by round: what slows the machine down for a while slows both.</summary>
    public double RatioTo(Series other) => new Series([.. Values.Zip(other.Values, (mine, others) => mine / others)]).Median;
}
