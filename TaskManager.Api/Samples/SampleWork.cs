namespace TaskManager.Api.Samples;

/// <summary>What all samples do with their processing time: spend it in small steps, each of which can be paused or cancelled, and say how far they are.</summary>
internal static class SampleWork
{
    /// <summary>The longest processing time, in seconds.</summary>
    public const double MaxSeconds = 3600;

    private const double StepSeconds = 0.1;

    /// <summary>Spends the time.</summary>
    /// <param name="context">The attempt.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="message">What is being done.</param>
    public static async Task SpendAsync(TaskContext context, double seconds, string message)
    {
        int steps = Math.Clamp((int)Math.Ceiling(seconds / StepSeconds), 1, 100);
        TimeSpan pause = TimeSpan.FromSeconds(seconds / steps);
        for (int step = 1; step <= steps; step++)
        {
            await context.CheckpointAsync();
            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, context.Clock, context.CancellationToken);
            }

            context.ReportProgress(step, steps, message);
        }
    }
}
