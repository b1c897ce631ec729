namespace TaskManager.Api.Samples;

/// <summary>What all samples do with their processing time: spend it in small steps, be paused or cancelled between them, and say how far they are.</summary>
internal static class SampleWork
{
    /// <summary>The longest processing time, in seconds.</summary>
    public const double MaxSeconds = 3600;

    private const double StepSeconds = 0.1;
    private const int MostSteps = 100;

    /// <summary>Spends the time in as many steps as suit it.</summary>
    /// <param name="context">The attempt.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="message">What is being done.</param>
    public static Task SpendAsync(TaskContext context, double seconds, string message) =>
        SpendAsync(context, seconds, Math.Clamp((int)Math.Ceiling(seconds / StepSeconds), 1, MostSteps), message);

    /// <summary>Spends the time in equal steps. Each has a moment at which it ends, so that many small ones add up to no more than the time.</summary>
    /// <param name="context">The attempt.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="steps">In how many steps, at least 1.</param>
    /// <param name="message">What is being done.</param>
    public static async Task SpendAsync(TaskContext context, double seconds, int steps, string message)
    {
        var time = new WorkTime(context);
        TimeSpan whole = TimeSpan.FromSeconds(seconds);
        for (int step = 1; step <= steps; step++)
        {
            await time.UntilAsync(whole * ((double)step / steps));
            context.ReportProgress(step, steps, message);
        }
    }
}
