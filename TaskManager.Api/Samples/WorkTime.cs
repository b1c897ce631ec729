namespace TaskManager.Api.Samples;

/// <summary>The time that an attempt has worked, from when this is made. What it stands at a checkpoint does not count.</summary>
internal sealed class WorkTime(TaskContext context)
{
    // A pause is felt at checkpoints alone, so no wait between two of them is longer.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    private long _started = context.Clock.GetTimestamp();

    public TimeSpan Elapsed => context.Clock.GetElapsedTime(_started);

    /// <summary>Passes a checkpoint, then waits from one to the next until so much time was worked.</summary>
    public async ValueTask UntilAsync(TimeSpan worked)
    {
        await CheckpointAsync();
        for (TimeSpan left = worked - Elapsed; left > TimeSpan.Zero; left = worked - Elapsed)
        {
            await Task.Delay(left < LongestWait ? WholeMilliseconds(left) : LongestWait, context.Clock, context.CancellationToken);
            await CheckpointAsync();
        }
    }

    public async ValueTask CheckpointAsync()
    {
        long reached = context.Clock.GetTimestamp();
        await context.CheckpointAsync();
        _started += context.Clock.GetTimestamp() - reached;
    }

    // Timers drop fractions of a millisecond: a wait of less than one would end too early again and again.
    private static TimeSpan WholeMilliseconds(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds));
}
