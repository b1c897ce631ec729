using static TaskManager.Tests.Core.Workers.WorkerFixture;

namespace TaskManager.Tests.Core.Workers;

/// <summary>All slots of the process blocked by handlers that hold their threads, while the wall clock jumps: leases are as steady as ever.</summary>
public sealed class BlockedLeaseTests
{
    private const int Slots = 5;

    [Fact]
    public async Task Lease_SlotsAreBlockedAndTheWallClockJumps_RunsOutWhenItShouldAndNotBefore()
    {
        using var entered = new CountdownEvent(Slots);
        using var end = new ManualResetEventSlim();
        await using WorkerFixture fixture = await CreateAsync(
            options => (options.MaxConcurrency, options.DefaultTimeout) = (Slots, TimeSpan.FromHours(12)),
            more: builder => builder.AddHandler<Engine.Work, string>("block", (_, _) =>
            {
                entered.Signal();
                end.Wait(CancellationToken.None);
                return "done";
            }));
        try
        {
            var blocked = new List<TaskHandle<string>>();
            for (int i = 0; i < Slots; i++)
            {
                blocked.Add(await fixture.Tasks.SubmitAsync(new Engine.Work($"{i}")));
            }

            await Patience.UntilAsync(() => entered.IsSet);
            TaskRecord held = await fixture.StartAsync();
            TaskRecord silent = await fixture.StartAsync();
            foreach (double hours in (double[])[1, -2, 24, -23])
            {
                fixture.Clock.JumpWall(TimeSpan.FromHours(hours));
                fixture.Clock.Advance(Lease / 5);
                await fixture.Engine.DueWork.DoAsync();
                Assert.Equal(LeaseDirective.Continue, await fixture.HeartbeatAsync(held));
                Assert.Equal((TaskState.Processing, 0), ((await fixture.GetAsync(silent.Id)).State, (await fixture.GetAsync(silent.Id)).Status.Rescues));
            }

            fixture.Clock.Advance(Lease / 5);
            await fixture.Tasks.GetHandle(silent.Id).WhenAsync(TaskState.Queued).Patiently();
            Assert.Equal(TaskState.Processing, (await fixture.GetAsync(held.Id)).State);
            Assert.All(blocked, task => Assert.Equal((TaskState.Processing, false), (fixture.GetAsync(task).Result.State, fixture.GetAsync(task).Result.Status.TimeoutFired)));
            Assert.Equal(MoveOutcome.Applied, (await fixture.CompleteAsync(held)).Outcome);
            end.Set();
            foreach (TaskHandle<string> task in blocked)
            {
                Assert.Equal("done", await task.WaitAsync().Patiently());
            }
        }
        finally
        {
            end.Set();
        }
    }
}
