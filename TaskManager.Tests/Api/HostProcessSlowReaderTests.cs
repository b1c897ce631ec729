using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Api;

public sealed class HostProcessSlowReaderTests
{
    private const int Readers = 1_000;
    private const int Tasks = 10_000;
    private const long Most = 1024L * 1024 * 1024; // the events themselves are some 8 MB: a copy for each reader would be 8 GB

    [Fact]
    public async Task ThousandReadersThatDoNotRead_HoldNothingButTheirPlace()
    {
        await using HostProcess host = await HostProcess.StartAsync();
        using HttpClient slow = SlowConnection.NewClient(host.Client.BaseAddress!);
        EventStreamClient[] readers = await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => EventStreamClient.OpenAsync(slow, "/tasks/events")));
        Assert.Equal(Readers, await HostProcessStreamTests.SubscribersAsync(host));
        long before = host.Memory();

        await HostProcessStreamTests.RunBatchAsync(host, Tasks);
        for (int i = 0; i < 100; i++)
        {
            await host.SubmitAsync(0);
        }

        long grown = host.Memory() - before;
        Assert.True(grown < Most, $"{Readers} readers took {grown / Readers} bytes each.");
        foreach (EventStreamClient reader in readers)
        {
            await reader.DisposeAsync();
        }

        await Patience.UntilAsync(async () => await HostProcessStreamTests.SubscribersAsync(host) == 0);
    }
}
