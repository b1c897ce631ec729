using TaskManager.Tests.Core.Engine;

namespace TaskManager.Tests.Proof.Races;

/// <summary>Orders to the pool against claims that are under way.</summary>
[Trait("Proof", "races")]
public sealed class PoolRaceTests
{
    private static readonly int Rounds = ProofSize.Of(1_000, 200_000);

    [Fact]
    public async Task StopAgainstClaim_WhatIsSubmittedOnceItHasReturned_IsNotClaimed()
    {
        await using var fixture = EngineFixture.Create((task, _) => Task.FromResult(task.Name));
        await RaceAsync(fixture, fixture.Pool.Stop, fixture.Pool.Start);
    }

    [Fact]
    public async Task ScaleToNothingAgainstClaim_WhatIsSubmittedOnceItHasReturned_IsNotClaimed()
    {
        await using var fixture = EngineFixture.Create((task, _) => Task.FromResult(task.Name));
        await RaceAsync(fixture, () => fixture.Pool.Scale(0), () => fixture.Pool.Scale(5));
    }

    private static async Task RaceAsync(EngineFixture fixture, Action hold, Action letGo)
    {
        fixture.Engine.Start();
        using var track = new RaceTrack(2);
        for (int round = 0; round < Rounds; round++)
        {
            Guid held = Guid.Empty;

            track.Race(
                () => Submit(fixture, "wakes the consumers"),
                () =>
                {
                    hold();
                    held = Submit(fixture, "held");
                });
            await Task.Yield();

            TaskRecord record = (await fixture.Tasks.GetAsync(held))!.Value;
            Assert.Equal((TaskState.Queued, 0), (record.State, record.Status.Attempt));
            letGo();
            await fixture.Tasks.WhenIdleAsync().Patiently();
            Assert.Equal(TaskState.Completed, (await fixture.Tasks.GetAsync(held))!.Value.State);
        }
    }

    private static Guid Submit(EngineFixture fixture, string name) => fixture.Tasks.TrySubmitAsync(new TaskRequest(EngineFixture.TypeName, new Work(name))).AtOnce()
        is SubmitResult.Accepted accepted ? accepted.Task.Id : Guid.Empty;
}
