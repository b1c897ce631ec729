using TaskManager.Signals;

namespace TaskManager.Tests.Core.Signals;

public sealed class SubscriberBoundTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Subscribe_ManyThreads_NeverMoreAreInThanThereIsRoomFor(bool toAll)
    {
        const int Threads = 4;
        const int Rounds = 10_000;
        const int Most = 1;
        var subscribers = new EventSubscribers();
        var task = Guid.NewGuid();
        int inside = 0;
        int mostInside = 0;

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(Read, TaskCreationOptions.LongRunning))).Patiently();

        Assert.Equal(Most, mostInside);
        Assert.Equal(0, subscribers.Count);

        void Read()
        {
            for (int i = 0; i < Rounds; i++)
            {
                if (Subscribe() is { } subscription)
                {
                    int now = Interlocked.Increment(ref inside);
                    mostInside = Math.Max(Volatile.Read(ref mostInside), now);
                    Thread.SpinWait(20); // long enough to meet another
                    Interlocked.Decrement(ref inside);
                    subscription.Dispose();
                }
            }
        }

        EventSubscribers.Subscription? Subscribe()
        {
            try
            {
                return toAll ? subscribers.SubscribeToAll(Most) : subscribers.Subscribe(task, Most);
            }
            catch (TooManyWaitersException)
            {
                return null;
            }
        }
    }
}
