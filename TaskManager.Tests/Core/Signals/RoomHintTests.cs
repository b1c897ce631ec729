using TaskManager.Signals;

namespace TaskManager.Tests.Core.Signals;

public sealed class RoomHintTests
{
    [Fact]
    public async Task Raise_SeveralWait_WakesOneEachTimeInTheOrderOfTheirComing()
    {
        using var room = new RoomHint();
        Task[] waits = [.. Enumerable.Range(0, 3).Select(_ => Wait(room))];

        for (int i = 0; i < waits.Length; i++)
        {
            Assert.Equal(i, waits.Count(wait => wait.IsCompleted));
            room.Raise();
            await waits[i].Patiently();
        }
    }

    [Fact]
    public async Task RaiseAll_SeveralWait_WakesEachAndLeavesNothingOver()
    {
        using var room = new RoomHint();
        Task[] waits = [.. Enumerable.Range(0, 3).Select(_ => Wait(room))];

        room.RaiseAll();

        await Task.WhenAll(waits).Patiently();
        Array.ForEach(waits, _ => room.Leave());
        room.RaiseAll();
        Assert.False(Wait(room).IsCompleted);
    }

    [Fact]
    public async Task Raise_NobodyWaits_IsForgotten()
    {
        using var room = new RoomHint();
        room.Raise();

        Task wait = Wait(room);

        Assert.False(wait.IsCompleted);
        room.Raise();
        await wait.Patiently();
    }

    [Fact]
    public async Task Raise_BetweenJoinAndWait_IsNotMissed()
    {
        using var room = new RoomHint();
        room.Join();
        room.Raise();

        await room.NextAsync(CancellationToken.None).Patiently();
    }

    [Fact]
    public void Raise_AfterTheLastHasLeft_IsForgotten()
    {
        using var room = new RoomHint();
        room.Join();
        room.Join();
        room.Leave();
        room.Leave();
        room.Raise();

        room.Join();
        Assert.False(room.NextAsync(CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task NextAsync_TokenFires_EndsTheWaitAndTakesNobodysHint()
    {
        using var room = new RoomHint();
        using var source = new CancellationTokenSource();
        room.Join();
        Task cancelled = room.NextAsync(source.Token);
        Task other = Wait(room);

        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Patiently());
        room.Leave();
        room.Raise();

        await other.Patiently();
    }

    private static Task Wait(RoomHint room)
    {
        room.Join();
        return room.NextAsync(CancellationToken.None);
    }
}
