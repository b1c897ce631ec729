using System.Globalization;

namespace TaskManager.Tests;

/// <summary>Bounds that only detect a hang; no test passes or fails by how fast the machine is.</summary>
internal static class Patience
{
    public static readonly TimeSpan Generous = TimeSpan.FromSeconds(
        int.TryParse(Environment.GetEnvironmentVariable("TASKMANAGER_PATIENCE_SECONDS"), CultureInfo.InvariantCulture, out int seconds) ? seconds : 30);

    public static Task Patiently(this Task task) => task.WaitAsync(Generous, TimeProvider.System);

    public static Task<T> Patiently<T>(this Task<T> task) => task.WaitAsync(Generous, TimeProvider.System);

    public static Task Patiently(this ValueTask task) => task.AsTask().Patiently();

    public static Task<T> Patiently<T>(this ValueTask<T> task) => task.AsTask().Patiently();

    /// <summary>Waits for something that gives no signal, by looking again and again.</summary>
    public static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Generous, "What was waited for did not come.");
            await Task.Yield();
        }
    }
}
