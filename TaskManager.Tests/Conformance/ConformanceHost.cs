using System.Security.Cryptography;
using TaskManager.Tests.Api;

namespace TaskManager.Tests.Conformance;

/// <summary>
/// The service that the suite asks: the one at <c>TASKMANAGER_CONFORMANCE_URL</c>, or the real host in a process of its own. The tests know nothing of it but its address.
/// </summary>
[CollectionDefinition(Name)]
public sealed class ConformanceHost : IAsyncLifetime, ICollectionFixture<ConformanceHost>
{
    public const string Name = "the wire";

    private HostProcess? _process;

    internal WireClient Wire { get; private set; } = null!;

    /// <summary>Gets two task types that workers run, made for this run alone: no other client submits to them, and no other worker takes from them.</summary>
    internal static string TaskType { get; } = $"wire_{RandomNumberGenerator.GetHexString(8, lowercase: true)}";

    internal static string OtherTaskType { get; } = $"{TaskType}_other";

    public async ValueTask InitializeAsync()
    {
        Wire = new WireClient(Address("TASKMANAGER_CONFORMANCE_URL") ?? await StartAsync());

        // The first registration makes the types known, and they stay so.
        await using WireWorker worker = await WireWorker.RegisterAsync(Wire, TaskType, OtherTaskType);
    }

    public async ValueTask DisposeAsync()
    {
        Wire?.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    internal static Uri? Address(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } address ? new Uri(address.TrimEnd('/'), UriKind.Absolute) : null;

    private async Task<Uri> StartAsync()
    {
        _process = await HostProcess.StartAsync();
        return _process.Client.BaseAddress!;
    }
}
