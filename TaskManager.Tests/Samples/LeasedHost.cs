using TaskManager.Tests.Api;

namespace TaskManager.Tests.Samples;

/// <summary>A host whose leases are short, so that tests need not wait long for one to run out.</summary>
public sealed class LeasedHost : IAsyncLifetime
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    internal HostProcess Host { get; private set; } = null!;

    // Rescues without end: on a machine that is too busy a lease may run out here and there, which is not what is tested.
    public async ValueTask InitializeAsync() => Host = await HostProcess.StartAsync($"--TaskManager:LeaseDuration={Lease}", "--TaskManager:MaxRescues=1000");

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
