using TaskManager.Storage;

namespace TaskManager.Tests.Core.Storage;

public sealed class OccupancyTests
{
    private readonly Occupancy _occupancy = new(new TaskManagerOptions { QueueCapacity = 2, MaxStoredBytes = 100 });

    [Fact]
    public void IsFull_UnfinishedTasks_AtTheBound()
    {
        _occupancy.Began();
        Assert.False(_occupancy.IsFull);
        _occupancy.Began();
        Assert.True(_occupancy.IsFull);
        _occupancy.Ended();
        Assert.False(_occupancy.IsFull);
    }

    [Theory]
    [InlineData(99, false, false)]
    [InlineData(100, true, false)]
    [InlineData(101, true, true)]
    public void IsFull_Bytes_AtTheBoundAndTooManyBeyond(int bytes, bool isFull, bool isTooMany)
    {
        _occupancy.Grow(200);
        _occupancy.Grow(bytes - 200);

        Assert.Equal((bytes, isFull, isTooMany), (_occupancy.StoredBytes, _occupancy.IsFull, _occupancy.HoldsTooManyBytes));
    }

    [Theory]
    [InlineData(1, 49, true)]
    [InlineData(2, 0, false)]
    [InlineData(1, 50, false)]
    public void HasRoomFor_OneTaskAndFiftyBytesThere_FillsUpToTheBounds(int tasks, long bytes, bool expected)
    {
        _occupancy.Began();
        _occupancy.Grow(50);

        Assert.Equal(expected, _occupancy.HasRoomFor(tasks, bytes));
    }

    [Fact]
    public void SizeOf_OnlyWhatCameSerialised_Counts()
    {
        Assert.Equal(3, Occupancy.SizeOf(new JsonPayload("123"u8.ToArray(), Value: null)));
        Assert.Equal((0, 0), (Occupancy.SizeOf("123"), Occupancy.SizeOf(null)));
    }
}
