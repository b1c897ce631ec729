using System.Collections.Concurrent;
using TaskManager.Tests.Core.Engine;

namespace TaskManager.Tests.Proof.Time;

/// <summary>The wall clock jumps; delays, back-offs, time-outs, waits and retention go by the steady one, and must not feel it.</summary>
[Trait("Proof", "time")]
public sealed class WallClockTests
{
    private const int Seconds = 180;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task WallJumps_AnHourForthAndBack_ChangeNothingButTheMomentsShown()
    {
        int seed = ProofSize.Seed();

        IReadOnlyList<string> steady = await PlayAsync(seed, jumps: false);
        IReadOnlyList<string> jumping = await PlayAsync(seed, jumps: true);

        Assert.Contains(steady, line => line.Contains("TimedOut", StringComparison.Ordinal));
        Assert.Contains(steady, line => line.Contains("Removed", StringComparison.Ordinal));
        Assert.Equal(steady, jumping);
    }

    [Fact]
    public async Task RunAt_WallJumps_EachRunsOnceAndNotBeforeItsMoment()
    {
        var early = new ConcurrentBag<string>();
        await using var fixture = EngineFixture.Create(
            (task, context) =>
            {
                if (context.Clock.GetUtcNow() < DateTimeOffset.Parse(task.Name, System.Globalization.CultureInfo.InvariantCulture))
                {
                    early.Add(task.Name);
                }

                return Task.FromResult(task.Name);
            },
            options => options.Retention = TimeSpan.FromDays(30));
        var random = new Random(ProofSize.Seed());
        var handles = new List<TaskHandle<string>>();
        for (int second = 0; second < Seconds; second++)
        {
            DateTimeOffset runAt = fixture.Clock.GetUtcNow() + TimeSpan.FromSeconds(random.Next(-60, 7_200));
            handles.Add(await fixture.SubmitAsync($"{runAt:O}", new SubmitOptions { RunAt = runAt }));
            await fixture.Tasks.WhenIdleAsync().Patiently();
            fixture.Clock.JumpWall(TimeSpan.FromHours(random.Next(-1, 2)));
            fixture.Clock.Advance(Second);
            await fixture.Tasks.WhenIdleAsync().Patiently();
        }

        for (int minute = 0; minute < 60 * 24 * 10 && (await fixture.Tasks.GetStatisticsAsync()).Counts.Unfinished > 0; minute++)
        {
            fixture.Clock.Advance(TimeSpan.FromMinutes(1));
            await fixture.Tasks.WhenIdleAsync().Patiently();
        }

        Assert.Empty(early);
        foreach (TaskHandle<string> handle in handles)
        {
            TaskRecord record = (await handle.GetAsync())!.Value;
            Assert.Equal((TaskState.Completed, 1), (record.State, record.Status.Attempt));
            Assert.True(record.Definition.Created.Utc <= record.Status.StartedAt && record.Status.StartedAt <= record.Status.FinishedAt);
        }
    }

    [Fact]
    public async Task RunAt_EndOfTheCalendar_WaitsWithoutAFault()
    {
        await using var fixture = EngineFixture.Create((task, _) => Task.FromResult(task.Name));
        TaskHandle<string> handle = await fixture.SubmitAsync(options: new SubmitOptions { RunAt = DateTimeOffset.MaxValue });

        fixture.Clock.Advance(TimeSpan.FromDays(2));
        fixture.Clock.JumpWall(TimeSpan.FromDays(365 * 7_000));
        fixture.Clock.Advance(TimeSpan.FromDays(1));

        TaskRecord waiting = (await handle.GetAsync())!.Value;
        Assert.Equal(TaskState.Scheduled, waiting.State);
        Assert.Equal(DateTimeOffset.MaxValue, (await fixture.Tasks.ExplainAsync(waiting))!.Until);
        Assert.True((await handle.CancelAsync()).IsAccepted);
    }

    /// <summary>Plays the same script, and tells what happened when, by the steady clock.</summary>
    private static async Task<IReadOnlyList<string>> PlayAsync(int seed, bool jumps)
    {
        var random = new Random(seed);
        var jumper = new Random(seed);
        var script = new Script();
        await using var fixture = EngineFixture.Create(
            script.RunAsync,
            options => (options.MaxConcurrency, options.Retention) = (1_000, Script.Retention),
            type => type.RetryOnTimeout = true);
        script.Watch(fixture.Store);
        fixture.Engine.Start();
        for (int second = 0; second < Seconds; second++)
        {
            for (int i = 0; i < 3; i++)
            {
                TaskHandle<string> handle = await fixture.SubmitAsync($"{random.Next(6)}", new SubmitOptions
                {
                    Delay = TimeSpan.FromSeconds(random.Next(10)),
                    Timeout = TimeSpan.FromSeconds(random.Next(1, 6) + 0.5), // never at the moment at which the work is done: either might win
                    MaxAttempts = random.Next(1, 4),
                });
                script.Wait(fixture, handle, TimeSpan.FromSeconds(random.Next(1, 8)));
            }

            if (jumps && jumper.Next(3) == 0)
            {
                fixture.Clock.JumpWall(TimeSpan.FromHours(jumper.Next(2) == 0 ? 1 : -1));
            }

            for (int half = 0; half < 2; half++)
            {
                await script.SettleAsync(fixture);
                fixture.Clock.Advance(Second / 2);
            }

            await script.SettleAsync(fixture);
            await script.NoteRemovalsAsync(fixture);
        }

        return script.Story();
    }
}
