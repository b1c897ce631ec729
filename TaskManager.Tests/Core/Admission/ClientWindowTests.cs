using TaskManager.Admission;

namespace TaskManager.Tests.Core.Admission;

public sealed class ClientWindowTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(500)]
    public void Add_RandomBurstsAndPauses_AgreesWithAQueue(int limit)
    {
        const long Window = 1_000;
        Random random = new(limit);
        ClientWindow window = new(default);
        Queue<long> expected = new();
        long now = -50_000; // timestamps may be anything
        for (int i = 0; i < 50_000; i++)
        {
            now += random.Next(40) switch { 0 => random.Next(2 * (int)Window), 1 => Window, < 20 => random.Next(5), _ => 0 };
            window.ForgetLeft(now, Window);
            while (expected.TryPeek(out long oldest) && now - oldest >= Window)
            {
                expected.Dequeue();
            }

            if (expected.Count < limit)
            {
                window.Add(now, limit);
                expected.Enqueue(now);
            }

            Assert.Equal(expected.Count, window.Count);
            Assert.Equal(expected.Peek(), window.Oldest);
        }
    }

    [Fact]
    public void Add_RingThatGrowsWhileItIsWrapped_KeepsTheOrder()
    {
        ClientWindow window = new(default);
        foreach (long now in new long[] { 1, 2, 3, 4 })
        {
            window.Add(now, 10);
        }

        window.ForgetLeft(102, 100); // the first two, so that the next ones go to the front of the ring
        foreach (long now in new long[] { 102, 103, 104 })
        {
            window.Add(now, 10);
        }

        foreach (long oldest in new long[] { 3, 4, 102, 103, 104 })
        {
            Assert.Equal(oldest, window.Oldest);
            window.ForgetLeft(oldest + 100, 100);
        }

        Assert.Equal(0, window.Count);
    }

    [Fact]
    public void ForgetLeft_EverythingLeft_KeepsTheLatest()
    {
        ClientWindow window = new(default);
        window.Add(7, 1);
        window.ForgetLeft(107, 100);
        Assert.Equal(0, window.Count);
        Assert.Equal(7, window.Latest);
    }

    [Fact]
    public void ForgetLeft_AfterABurst_GivesItsMemoryBack()
    {
        ClientWindow window = new(default);
        for (int i = 0; i < 1_000_000; i++)
        {
            window.Add(0, 1_000_000);
        }

        for (long now = 1; now < 40; now++)
        {
            window.ForgetLeft(now * 100, 100);
            window.Add(now * 100, 1_000_000);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        window.ForgetLeft(4_000, 100);
        for (int i = 0; i < 17; i++)
        {
            window.Add(4_000, 1_000_000);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 1_000); // it had to grow again, from small
    }
}
