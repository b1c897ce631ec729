using System.Globalization;

namespace TaskManager.Lifecycle;

/// <summary>The errors that the rules themselves give.</summary>
internal static class Errors
{
    public static readonly TaskError Abandoned = new(
        TaskErrorCodes.Abandoned, "The handler ignored its cancellation token and was abandoned; its code may still be running.");

    public static readonly TaskError LeaseExpired = new(
        TaskErrorCodes.LeaseExpired, "The worker fell silent for longer than its lease, or was started anew.");

    public static readonly TaskError Shutdown = new(
        TaskErrorCodes.Shutdown, "The process shut down before the task had ended.");

    public static readonly TaskError Stopped = new(
        TaskErrorCodes.HandlerFailed, "The attempt ended without a result.");

    public static TaskError TimedOut(TaskDefinition definition) => new(
        TaskErrorCodes.TimedOut,
        string.Create(CultureInfo.InvariantCulture, $"The attempt did not finish within {definition.Timeout.TotalSeconds:0.###} s."));
}
