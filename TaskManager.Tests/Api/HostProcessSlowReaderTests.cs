using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Api;

[Trait("Proof", "http")]
[Collection(RealProcesses.Name)]
public sealed class HostProcessSlowReaderTests
{
    private const int Readers = 1_000;
    private const int Tasks = 10_000;
    private const int Submits = 100;
    private const long Most = 1024L * 1024 * 1024; // the events themselves are some 8 MB: a copy for each reader would be 8 GB

    [Fact]
    public async Task ThousandReadersThatDoNotRead_HoldNothingButTheirPlace()
    {
        await using HostProcess host = await HostProcess.StartAsync();
        double[] alone = await TimeSubmitsAsync(host);
        using HttpClient slow = SlowConnection.NewClient(host.Client.BaseAddress!);
        EventStreamClient[] readers = await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => EventStreamClient.OpenAsync(slow, "/tasks/events")));
        Assert.Equal(Readers, await HostProcessStreamTests.SubscribersAsync(host));
        long before = host.Memory();

        await HostProcessStreamTests.RunBatchAsync(host, Tasks);
        double[] beside = await TimeSubmitsAsync(host);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"A submit took {alone[Submits / 2]:F2} ms by itself (p99 {alone[^2]:F2}), and {beside[Submits / 2]:F2} ms beside {Readers} readers that do not read (p99 {beside[^2]:F2}).");

        long grown = host.Memory() - before;
        Assert.True(grown < Most, $"{Readers} readers took {grown / Readers} bytes each.");
        foreach (EventStreamClient reader in readers)
        {
            await reader.DisposeAsync();
        }

        await Patience.UntilAsync(async () => await HostProcessStreamTests.SubscribersAsync(host) == 0);
    }

    /// <summary>Tells how long submissions take, one after the other: in milliseconds, the shortest first. What they take is told and not judged.</summary>
    private static async Task<double[]> TimeSubmitsAsync(HostProcess host)
    {
        double[] took = new double[Submits];
        for (int i = 0; i < took.Length; i++)
        {
            long started = TimeProvider.System.GetTimestamp();
            await host.SubmitAsync(0); // fails if it is not accepted
            took[i] = TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
        }

        Array.Sort(took);
        return took;
    }
}
