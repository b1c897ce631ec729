using System.Runtime.CompilerServices;
using TaskManager.Signals;

namespace TaskManager.Tests.Core.Signals;

public sealed class EventSubscribersTests
{
    private const int Many = 100;

    private readonly EventSubscribers _subscribers = new();
    private readonly Guid _task = Guid.NewGuid();

    [Fact]
    public async Task Raise_EventOfATask_WakesItsReadersAndThoseOfAll()
    {
        using EventSubscribers.Subscription ofTask = _subscribers.Subscribe(_task, Many);
        using EventSubscribers.Subscription again = _subscribers.Subscribe(_task, Many);
        using EventSubscribers.Subscription ofOther = _subscribers.Subscribe(Guid.NewGuid(), Many);
        using EventSubscribers.Subscription ofAll = _subscribers.SubscribeToAll(Many);
        Task[] woken = [ofTask.Pulse.Next(), again.Pulse.Next(), ofAll.Pulse.Next()];
        Task asleep = ofOther.Pulse.Next();

        _subscribers.Raise(_task);

        await Task.WhenAll(woken).Patiently();
        Assert.False(asleep.IsCompleted);
    }

    [Fact]
    public void Raise_ReadersOfAllHaveLeft_ReachesNobody()
    {
        EventSubscribers.Subscription ofAll = _subscribers.SubscribeToAll(Many);
        Task next = ofAll.Pulse.Next();
        ofAll.Dispose();

        _subscribers.Raise(_task);

        Assert.Same(next, ofAll.Pulse.Next()); // a pulse that was raised gives a new task
    }

    [Fact]
    public void Count_ComingAndLeaving_IsHowManyThereAre()
    {
        var there = new List<EventSubscribers.Subscription>();
        for (int i = 1; i <= 4; i++)
        {
            there.Add(i % 2 == 0 ? _subscribers.SubscribeToAll(Many) : _subscribers.Subscribe(_task, Many));
            Assert.Equal(i, _subscribers.Count);
        }

        for (int i = 3; i >= 0; i--)
        {
            there[i].Dispose();
            Assert.Equal(i, _subscribers.Count);
        }
    }

    [Fact]
    public void Subscribe_AsManyAsMayBe_IsRefusedUntilOneLeaves()
    {
        using EventSubscribers.Subscription ofTask = _subscribers.Subscribe(_task, 2);
        EventSubscribers.Subscription ofAll = _subscribers.SubscribeToAll(2);

        Assert.StartsWith("2 ", Assert.Throws<TooManyWaitersException>(() => _subscribers.Subscribe(_task, 2)).Message, StringComparison.Ordinal);
        Assert.Throws<TooManyWaitersException>(() => _subscribers.SubscribeToAll(2));
        Assert.Equal(2, _subscribers.Count);
        ofAll.Dispose();

        using EventSubscribers.Subscription another = _subscribers.Subscribe(_task, 2);
        Assert.Same(ofTask, another);
    }

    [Fact]
    public void Dispose_OfTheLastReader_ForgetsTheTask()
    {
        EventSubscribers.Subscription first = _subscribers.Subscribe(_task, Many);
        EventSubscribers.Subscription second = _subscribers.Subscribe(_task, Many);
        Assert.Same(first, second); // all readers of a task share one
        first.Dispose();
        EventSubscribers.Subscription third = _subscribers.Subscribe(_task, Many);
        Assert.Same(second, third);
        second.Dispose();
        third.Dispose();

        Assert.False(first.TryJoin());
        using EventSubscribers.Subscription fresh = _subscribers.Subscribe(_task, Many);
        Assert.NotSame(first, fresh);
    }

    [Fact]
    public void Dispose_ManyTasksWereWatched_KeepsNothingOfThem()
    {
        WeakReference[] watches = [.. Enumerable.Range(0, 1_000).Select(_ => WatchAndLeave())];

        GC.Collect();

        Assert.InRange(watches.Count(watch => watch.IsAlive), 0, 10);
    }

    [Fact]
    public async Task Subscribe_WhileOthersLeave_IsAlwaysWoken()
    {
        const int Rounds = 20_000;
        using var start = new Barrier(2);
        Task leaving = Race(() =>
        {
            for (int i = 0; i < Rounds; i++)
            {
                _subscribers.Subscribe(_task, Many).Dispose();
            }
        });
        Task staying = Race(() =>
        {
            for (int i = 0; i < Rounds; i++)
            {
                using EventSubscribers.Subscription stay = _subscribers.Subscribe(_task, Many);
                Task next = stay.Pulse.Next();
                _subscribers.Raise(_task);
                Assert.NotSame(next, stay.Pulse.Next()); // it was raised, and not on a subscription that nobody finds
            }
        });

        await Task.WhenAll(leaving, staying).Patiently();
        Assert.Equal(0, _subscribers.Count);

        Task Race(Action run) => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                run();
            },
            TaskCreationOptions.LongRunning);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference WatchAndLeave()
    {
        using EventSubscribers.Subscription watch = _subscribers.Subscribe(Guid.NewGuid(), Many);
        return new WeakReference(watch);
    }
}
