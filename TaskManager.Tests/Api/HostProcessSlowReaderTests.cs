using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Api;

public sealed class HostProcessSlowReaderTests
{
    private const int Readers = 1_000;
    private const int Batches = 2;
    private const int Batch = 10_000;
    private const long Most = 1024L * 1024 * 1024; // the events themselves are some 15 MB: a copy for each reader would be 15 GB

    [Fact]
    public async Task ThousandReadersThatDoNotRead_HoldNothingButTheirPlace()
    {
        await using HostProcess host = await HostProcess.StartAsync();
        using HttpClient slow = SlowConnection.NewClient(host.Client.BaseAddress!);
        EventStreamClient[] readers = await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => EventStreamClient.OpenAsync(slow, "/tasks/events")));
        Assert.Equal(Readers, await HostProcessStreamTests.SubscribersAsync(host));
        long before = host.Memory();

        for (int i = 0; i < Batches; i++)
        {
            await HostProcessStreamTests.RunBatchAsync(host, Batch);
        }

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
