namespace TaskManager.Tests.Api;

/// <summary>One host for all tests that leave it as they found it; they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class SharedHostProcess : IAsyncLifetime, ICollectionFixture<SharedHostProcess>
{
    public const string Name = "one host process";

    internal HostProcess Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await HostProcess.StartAsync("--TaskManager:MaxConcurrency=2");

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
