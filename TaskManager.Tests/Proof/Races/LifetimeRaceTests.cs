using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using TaskManager.Engine;
using TaskManager.Tests.Core.Engine;

namespace TaskManager.Tests.Proof.Races;

/// <summary>Beginning and end of the whole engine, from many threads.</summary>
[Trait("Proof", "races")]
public sealed class LifetimeRaceTests
{
    [Fact]
    public async Task StartAndStop_FromManyThreadsRoundAfterRound_NeitherHangsNorLeaks()
    {
        int rounds = ProofSize.Of(200, 10_000);
        var clock = new ManualClock();
        var engines = new List<WeakReference>();
        using var track = new RaceTrack(4);
        for (int round = 0; round < rounds; round++)
        {
            engines.Add(await StartAndStopAsync(clock, track));
        }

        Assert.Equal(0, clock.ActiveTimers);
        await Patience.UntilAsync(() =>
        {
            GC.Collect();
            return engines.Count(engine => engine.IsAlive) <= 1; // the last one may still stand on this stack
        });
    }

    [Fact]
    public async Task SubmitAgainstDispose_EachAcceptedTask_EndsAndIsAnswered()
    {
        int rounds = ProofSize.Of(50, 5_000);
        using var track = new RaceTrack(4);
        for (int round = 0; round < rounds; round++)
        {
            int running = 0;
            var fixture = EngineFixture.Create(
                async (task, _) =>
                {
                    Interlocked.Increment(ref running);
                    for (int i = 0; i < 50; i++)
                    {
                        await Task.Yield();
                    }

                    Interlocked.Decrement(ref running);
                    return task.Name;
                },
                options => options.DrainTimeout = TimeSpan.Zero);
            fixture.Engine.Start();
            var waiting = new ConcurrentBag<Task<TaskRecord?>>();
            Task? disposing = null;

            track.Race(
                () => SubmitUntilRefused(fixture, waiting),
                () => SubmitUntilRefused(fixture, waiting),
                () => SubmitUntilRefused(fixture, waiting),
                () => disposing = fixture.DisposeAsync().AsTask());

            await disposing!.Patiently(); // the clock stands still, so it waits for each handler that was entered
            Assert.Equal(0, Volatile.Read(ref running));
            TaskRecord?[] ended = await Task.WhenAll(waiting).Patiently();
            Assert.All(ended, record => Assert.True(
                record is { State: TaskState.Completed } or { State: TaskState.Failed, Status.Error.Code: TaskErrorCodes.Shutdown }, $"{record}"));
        }
    }

    private static void SubmitUntilRefused(EngineFixture fixture, ConcurrentBag<Task<TaskRecord?>> waiting)
    {
        for (int i = 0; i < 100_000; i++)
        {
            if (fixture.Tasks.TrySubmitAsync(new TaskRequest(EngineFixture.TypeName, new Work("x"))).AtOnce() is not SubmitResult.Accepted accepted)
            {
                return;
            }

            waiting.Add(fixture.Tasks.WaitForEndAsync(accepted.Task.Id, Timeout.InfiniteTimeSpan).AsTask());
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> StartAndStopAsync(ManualClock clock, RaceTrack track)
    {
        await using ServiceProvider provider = new ServiceCollection()
            .AddSingleton<TimeProvider>(clock)
            .AddTaskManager(options => options.DrainTimeout = TimeSpan.Zero)
            .AddHandler("work", (Work task, TaskContext _) => task.Name)
            .Services.BuildServiceProvider();
        TaskEngine engine = provider.GetRequiredService<TaskEngine>();
        var stopping = new Task[2];

        track.Race(
            engine.Start,
            () => engine.TrySubmitAsync(new TaskRequest("work", new Work("x")), CancellationToken.None).AtOnce(),
            () => stopping[0] = engine.StopAsync(),
            () => stopping[1] = engine.StopAsync());

        Task stopped = Task.WhenAll(stopping);
        await Patience.UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return stopped.IsCompleted;
        });
        await stopped;
        Assert.Equal(0, (await engine.GetStatisticsAsync(CancellationToken.None)).Counts.Unfinished);
        return new WeakReference(engine);
    }
}
