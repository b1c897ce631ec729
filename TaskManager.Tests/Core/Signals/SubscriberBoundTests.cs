using TaskManager.Signals;

namespace TaskManager.Tests.Core.Signals;

public sealed class SubscriberBoundTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Subscribe_ManyAtOnce_NoMoreAreLetInThanThereIsRoomFor(bool toAll)
    {
        const int Readers = 2;
        const int Rounds = 20_000;
        var subscribers = new EventSubscribers();
        var task = Guid.NewGuid();
        int[] letIn = new int[Rounds];
        int arrived = 0;

        await Task.WhenAll(Enumerable.Range(0, Readers).Select(reader => Task.Factory.StartNew(() => Read(reader), TaskCreationOptions.LongRunning))).Patiently();

        Assert.All(letIn, readers => Assert.Equal(1, readers));
        Assert.Equal(0, subscribers.Count);

        void Read(int reader)
        {
            for (int i = 0; i < Rounds; i++)
            {
                Meet(2 * i);
                Thread.SpinWait(reader * (i % 32)); // whoever came last leaves first, by a little that differs from machine to machine
                EventSubscribers.Subscription? subscription = Subscribe();
                Interlocked.Add(ref letIn[i], subscription is null ? 0 : 1);
                Meet((2 * i) + 1);
                subscription?.Dispose();
            }
        }

        // Spins, since a thread that sleeps wakes up too late to meet anybody; and gives way on a machine with too few processors.
        void Meet(int round)
        {
            Interlocked.Increment(ref arrived);
            var spin = default(SpinWait);
            while (Volatile.Read(ref arrived) < (round + 1) * Readers)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }
        }

        EventSubscribers.Subscription? Subscribe()
        {
            try
            {
                return toAll ? subscribers.SubscribeToAll(most: 1) : subscribers.Subscribe(task, most: 1);
            }
            catch (TooManyWaitersException)
            {
                return null;
            }
        }
    }
}
