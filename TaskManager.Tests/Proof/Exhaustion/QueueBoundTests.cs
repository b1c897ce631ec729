using TaskManager.Tests.Core.Engine;
using TaskManager.Tests.Proof.Races;

namespace TaskManager.Tests.Proof.Exhaustion;

[Trait("Proof", "exhaustion")]
public sealed class QueueBoundTests
{
    [Fact]
    public async Task Queue_FloodedFromFourThreads_NeverHoldsMoreThanMayBeAndForgetsWhatItRefused()
    {
        const int Capacity = 50;
        int each = ProofSize.Of(20_000, 1_000_000);
        int unfinished = 0;
        int most = 0;
        await using var fixture = EngineFixture.Create((task, _) => Task.FromResult(task.Name), options => options.QueueCapacity = Capacity);
        fixture.Store.Changed += change => // inside the store's gate: one after the other
        {
            unfinished += change.From is null ? 1 : 0;
            unfinished -= change.Record.IsDone ? 1 : 0;
            most = Math.Max(most, unfinished);
        };
        int accepted = 0;
        int refused = 0;
        using var track = new RaceTrack(4);

        for (int part = 0; part < 10; part++)
        {
            track.Race([.. Enumerable.Range(0, 4).Select(Action (_) => () => Flood(each / 10))]);
        }

        await fixture.Tasks.WhenIdleAsync().WithPatience();

        TaskCounts counts = (await fixture.Tasks.GetStatisticsAsync()).Counts;
        Assert.Equal(4 * (each / 10) * 10, accepted + refused);
        Assert.Equal((accepted, 0), (counts.Accepted, unfinished));
        Assert.InRange(most, 1, Capacity);

        void Flood(int count)
        {
            for (int i = 0; i < count; i++)
            {
                SubmitResult result = fixture.Tasks.TrySubmitAsync(new TaskRequest(EngineFixture.TypeName, new Work("x"))).AtOnce();
                Interlocked.Increment(ref result is SubmitResult.Accepted ? ref accepted : ref refused);
            }
        }
    }
}
