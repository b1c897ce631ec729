using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using TaskManager.Tests.Api;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Conformance;

/// <summary>
/// The service that the suite asks: the one at <c>TASKMANAGER_CONFORMANCE_URL</c>, or the real host in a process of its own. The tests know nothing of it but its address.
/// </summary>
[CollectionDefinition(Name)]
public sealed partial class ConformanceHost : IAsyncLifetime, ICollectionFixture<ConformanceHost>
{
    public const string Name = "the wire";

    /// <summary>As many requests as the suite makes, and some more.</summary>
    private const int Requests = 5_000;

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

        HttpAnswer first = await Wire.GetAsync($"/task-types/{TaskType}");
        Assert.True(first.Header("RateLimit") is null || LeftOf(first) >= Requests, $"The service would meet its limit of requests before the suite is through: {first.Header("RateLimit")}.");
        first.Is(200);
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

    private static int LeftOf(HttpAnswer answer) =>
        int.Parse(BudgetLeft().Match(answer.Header("RateLimit")!).Groups["left"].Value, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"r=(?<left>\d+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BudgetLeft();

    private async Task<Uri> StartAsync()
    {
        _process = await HostProcess.StartAsync();
        return _process.Client.BaseAddress!;
    }
}
