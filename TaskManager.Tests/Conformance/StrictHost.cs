using TaskManager.Tests.Api;

namespace TaskManager.Tests.Conformance;

/// <summary>
/// A second service, with a small limit of requests and short leases, for the rules that take either: the one at <c>TASKMANAGER_CONFORMANCE_STRICT_URL</c>, or the real host
/// in a process of its own. Beside no other test, which could keep a lease from being renewed in time. Whoever names a service for the suite and none for this has these tests skipped.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class StrictHost : IAsyncLifetime, ICollectionFixture<StrictHost>
{
    public const string Name = "the wire, strict";

    private HostProcess? _process;
    private WireClient? _wire;

    internal WireClient Wire
    {
        get
        {
            Assert.SkipWhen(_wire is null, "TASKMANAGER_CONFORMANCE_STRICT_URL names no service with a small limit and short leases.");
            return _wire;
        }
    }

    public async ValueTask InitializeAsync()
    {
        Uri? address = ConformanceHost.Address("TASKMANAGER_CONFORMANCE_STRICT_URL");
        if (address is null && ConformanceHost.Address("TASKMANAGER_CONFORMANCE_URL") is null)
        {
            _process = await HostProcess.StartAsync("--RateLimit:Enabled=true", "--RateLimit:PermitLimit=5", "--RateLimit:Window=00:00:01", "--TaskManager:LeaseDuration=00:00:03");
            address = _process.Client.BaseAddress;
        }

        _wire = address is null ? null : new WireClient(address);
    }

    public async ValueTask DisposeAsync()
    {
        _wire?.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }
}
