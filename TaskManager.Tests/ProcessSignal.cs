using System.Diagnostics;
using System.Globalization;

namespace TaskManager.Tests;

/// <summary>Sends signals to processes that a test has started.</summary>
internal static class ProcessSignal
{
    public const string Terminate = "TERM";
    public const string Kill = "KILL";
    public const string Stop = "STOP";
    public const string Continue = "CONT";

    public static async Task SendAsync(Process process, string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken).Patiently();
        Assert.Equal(0, kill.ExitCode);
    }
}
