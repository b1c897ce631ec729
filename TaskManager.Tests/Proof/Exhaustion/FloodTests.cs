using Microsoft.Extensions.Logging;
using TaskManager.Tests.Core.Engine;

namespace TaskManager.Tests.Proof.Exhaustion;

[Trait("Proof", "exhaustion")]
[Collection(Alone.Name)]
public sealed class FloodTests
{
    private const int Mebibyte = 1024 * 1024;

    [Fact]
    public async Task Flood_OfProgressAndLog_KeepsTheLatestCountsTheRestAndPushesNobodyOut()
    {
        int lines = ProofSize.Of(100_000, 1_000_000);
        var flooded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var fixture = EngineFixture.Create(
            (task, context) =>
            {
                for (int i = 1; i <= lines && task.Name == "flood"; i++)
                {
                    context.ReportProgress(i, lines, "a message of some length, so that keeping all of them would show");
                    context.Logger.LogInformation("line {Number} of a flood that would take a lot of room if it were all kept", i);
                }

                flooded.TrySetResult();
                return Task.FromResult(task.Name);
            },
            options => options.MaxEvents = 2_048);
        TaskHandle<string> quiet = await fixture.SubmitAsync("quiet", new SubmitOptions { Delay = TimeSpan.FromMinutes(1) });
        using var enough = new CancellationTokenSource();
        await using IAsyncEnumerator<TaskEvent> watch = quiet.WatchAsync(enough.Token).GetAsyncEnumerator(enough.Token);
        Assert.True(await watch.MoveNextAsync().Patiently());
        long before = Alone.Heap();

        TaskHandle<string> flood = await fixture.SubmitAsync("flood");
        await flooded.Task.WithPatience();
        TaskRecord ended = await flood.WhenEndedAsync().Patiently();
        long grown = Alone.Heap() - before;

        Assert.Equal((lines, lines), (ended.Progress!.Step, ended.Progress.Count));
        TaskLogPage log = (await fixture.Tasks.ReadLogAsync(flood.Id, limit: 1_000))!;
        Assert.Equal((1_000, lines - 1_000L), (log.Items.Count, log.Dropped));
        Assert.Equal(lines, log.Items[^1].Sequence);
        Assert.True(grown < 4 * Mebibyte, $"{grown:N0} bytes are kept of the flood.");

        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        var states = new List<TaskState>();
        while (await watch.MoveNextAsync().Patiently())
        {
            states.Add(Assert.IsType<TaskStatusEvent>(watch.Current).State); // a reset would say that something was lost
        }

        Assert.Equal([TaskState.Queued, TaskState.Processing, TaskState.Completed], states);
    }

    [Fact]
    public async Task UnknownIds_AskedForByTheMillion_LeaveNothingBehind()
    {
        int count = ProofSize.Of(100_000, 1_000_000);
        await using var fixture = EngineFixture.Create((task, _) => Task.FromResult(task.Name));
        TaskHandle<string> known = await fixture.SubmitAsync();
        await known.WaitAsync().Patiently();
        var random = new Random(ProofSize.Seed());
        byte[] nearby = known.Id.ToByteArray(bigEndian: true); // another task's place in the table, with other random bits
        byte[] id = new byte[16];

        long grown = await Alone.LeftBehindAsync(
            async () =>
            {
                for (int i = 0; i < count; i++)
                {
                    random.NextBytes(id);
                    if (i % 2 == 0)
                    {
                        nearby.AsSpan(0, 12).CopyTo(id);
                        id[15] = (byte)~nearby[15];
                    }

                    await AskForAsync(fixture.Tasks, new Guid(id, bigEndian: true), i);
                }
            },
            Mebibyte);

        TaskStatistics statistics = await fixture.Tasks.GetStatisticsAsync();
        Assert.Equal((1, 0, 0), (statistics.Counts.Accepted, statistics.Bounds["waiters"].Used, statistics.Bounds["subscribers"].Used));
        Assert.True(grown < Mebibyte, $"{grown:N0} bytes are kept.");
    }

    [Fact]
    public async Task IdempotencyKeys_MoreThanMayBeKept_AreRefusedAndTakeNoRoom()
    {
        int count = ProofSize.Of(100_000, 1_000_000);
        await using var fixture = EngineFixture.Create((task, _) => Task.FromResult(task.Name), options => options.MaxIdempotencyKeys = 1_000);
        for (int i = 0; i < 1_000; i++)
        {
            Assert.IsType<SubmitResult.Accepted>(await SubmitAsync(i));
        }

        await fixture.Tasks.WhenIdleAsync().Patiently();

        long grown = await Alone.LeftBehindAsync(
            async () =>
            {
                for (int i = 1_000; i < count; i++)
                {
                    Assert.IsType<SubmitResult.QueueFull>(await SubmitAsync(i));
                }
            },
            Mebibyte);

        Assert.True(grown < Mebibyte, $"{grown:N0} bytes are kept.");
        Assert.IsType<SubmitResult.Accepted>(await SubmitAsync(17)); // a repetition takes no further key
        fixture.Clock.Advance(TimeSpan.FromMinutes(10)); // the keys go with their tasks
        Assert.IsType<SubmitResult.Accepted>(await SubmitAsync(count));

        ValueTask<SubmitResult> SubmitAsync(int key) =>
            fixture.Tasks.TrySubmitAsync(new TaskRequest(EngineFixture.TypeName, new Work("x"), new SubmitOptions { IdempotencyKey = $"key {key}" }));
    }

    [Fact]
    public void LimiterKeys_ByTheMillion_TakeTheRoomOfThoseThatAreRemembered()
    {
        const int MaxClients = 10_000;
        var clock = new ManualClock();
        var limiter = new SlidingWindowLimiter(10, TimeSpan.FromMinutes(1), MaxClients, clock);
        int next = 0;
        Fill(MaxClients);

        long grown = Alone.LeftBehind(() => Fill(ProofSize.Of(200_000, 1_000_000)), Mebibyte);

        Assert.Equal(MaxClients, limiter.ClientCount);
        Assert.True(grown < Mebibyte, $"{grown:N0} bytes are kept of clients that are not remembered.");
        GC.KeepAlive(limiter);

        void Fill(int clients)
        {
            for (int last = next + clients; next < last; next++)
            {
                limiter.Acquire(RateLimitClient.From(new System.Net.IPAddress([10, (byte)(next >> 16), (byte)(next >> 8), (byte)next])));
            }
        }
    }

    private static async Task AskForAsync(ITaskManager tasks, Guid id, int way)
    {
        switch (way % 7)
        {
            case 0:
                Assert.Null(await tasks.GetAsync(id));
                break;
            case 1:
                Assert.Null(await tasks.WaitForEndAsync(id, Timeout.InfiniteTimeSpan));
                break;
            case 2:
                Assert.Null(await tasks.WaitForChangeAsync(id, TaskState.Queued, TimeSpan.FromHours(1)));
                break;
            case 3:
                Assert.Equal(MoveOutcome.NotFound, (await tasks.CancelAsync(id)).Outcome);
                break;
            case 4:
                Assert.Equal(RemoveOutcome.Missing, await tasks.RemoveAsync(id));
                break;
            case 5:
                Assert.Null(await tasks.ReadLogAsync(id));
                break;
            default:
                Assert.False(tasks.WasRemoved(id));
                break;
        }
    }
}
