using TaskManager.Signals;

namespace TaskManager.Tests.Core.Signals;

public sealed class PulseTests
{
    private readonly Pulse _pulse = new();

    // How the two ways to raise it are called in the theories.
    public static TheoryData<bool> BothWays { get; } = new(false, true);

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task Raise_ThoseThatWait_AreAllWokenAndNobodyAfterThem(bool later)
    {
        Task first = _pulse.Next();
        Task second = _pulse.Next();
        Raise(later);
        Task third = _pulse.Next();

        await first.Patiently();
        await second.Patiently();
        Assert.False(third.IsCompleted);
        Raise(later);
        await third.Patiently();
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public void Raise_NobodyWaits_IsForgotten(bool later)
    {
        Raise(later);
        Raise(later);

        Assert.False(_pulse.Next().IsCompleted);
    }

    [Fact]
    public void Next_NoPulseBetween_IsTheSameTask() => Assert.Same(_pulse.Next(), _pulse.Next());

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task Raise_WhoeverWaits_DoesNotRunOnTheRaisersStack(bool later)
    {
        int raiser = Environment.CurrentManagedThreadId;
        bool isRaising = false;
        Task<bool> ranInside = _pulse.Next().ContinueWith(
            _ => Environment.CurrentManagedThreadId == raiser && Volatile.Read(ref isRaising), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        Volatile.Write(ref isRaising, true);
        Raise(later);
        Volatile.Write(ref isRaising, false);

        Assert.False(await ranInside.Patiently());
    }

    [Fact]
    public async Task Next_SubscribedAndThenLooked_MissesNoChange()
    {
        const int Changes = 100_000;
        int changed = 0;
        Task raising = Task.Run(() =>
        {
            for (int i = 0; i < Changes; i++)
            {
                Interlocked.Increment(ref changed); // a full fence, as the swap of a status is
                _pulse.Raise();
            }
        });

        int seen = 0;
        while (seen < Changes)
        {
            Task next = _pulse.Next();
            int now = Volatile.Read(ref changed);
            if (now == seen)
            {
                await next.Patiently(); // hangs when a pulse was missed
            }

            seen = now;
        }

        await raising.Patiently();
    }

    private void Raise(bool later)
    {
        if (later)
        {
            _pulse.RaiseLater();
        }
        else
        {
            _pulse.Raise();
        }
    }
}
