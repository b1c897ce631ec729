using static TaskManager.Tests.Core.Definitions;

namespace TaskManager.Tests.Core.Queueing;

/// <summary>The places of tasks that left are bounded, whatever order they come and go in.</summary>
public sealed class DueTimesBoundTests
{
    private readonly SleepingTasks _tasks = new();

    public static TheoryData<int> Seeds { get; } = [.. Enumerable.Range(1, 50)];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Left_FewPlaces_KeepsThem(bool byWall)
    {
        Sleeper[] sleepers = Add(33, byWall);
        int looks = _tasks.Looks;
        Array.ForEach(sleepers[..32], _tasks.Leave);
        Assert.Equal(looks, _tasks.Looks);
        Assert.Equal(1, _tasks.Due.Count);

        _tasks.Leave(sleepers[32]);
        Assert.Equal(looks + 33, _tasks.Looks); // all were looked over
        Assert.Null(_tasks.Due.UntilNext(At(0)));
        Assert.Equal((looks + 33, 0), (_tasks.Looks, _tasks.Due.Count)); // and none is there any more
    }

    [Fact]
    public void Left_FewerThanWait_KeepsTheirPlaces()
    {
        Sleeper[] sleepers = Add(80, byWall: false);
        int looks = _tasks.Looks;
        foreach (Sleeper sleeper in sleepers[40..])
        {
            _tasks.Leave(sleeper);
        }

        Assert.Equal(looks, _tasks.Looks);
        _tasks.Leave(sleepers[39]);
        Assert.Equal((looks + 80, 39), (_tasks.Looks, _tasks.Due.Count));
        AssertTaken(sleepers[..39]);
    }

    [Fact]
    public void Left_AfterADrop_CountsAnew()
    {
        Sleeper[] sleepers = [.. Add(40, byWall: false), .. Add(40, byWall: true)];
        Array.ForEach(sleepers[..41], _tasks.Leave);
        int looks = _tasks.Looks;
        Array.ForEach(sleepers[41..73], _tasks.Leave);

        Assert.Equal((looks, 7), (_tasks.Looks, _tasks.Due.Count)); // 32 are few again
        AssertTaken(sleepers[73..]);
    }

    [Fact]
    public void UntilNext_PastEmptyPlaces_TakesThemOffTheEmptyOnes()
    {
        Sleeper[] sleepers = Add(65, byWall: false);
        Array.ForEach(sleepers[..32], _tasks.Leave);
        Assert.Equal(TimeSpan.FromSeconds(33), _tasks.Due.UntilNext(At(0)));
        int looks = _tasks.Looks;
        Array.ForEach(sleepers[33..], _tasks.Leave);

        Assert.Equal((looks, 1), (_tasks.Looks, _tasks.Due.Count));
    }

    [Fact]
    public void TakeDue_Many_LooksAtEachOnce()
    {
        Add(1000, byWall: false);
        int looks = _tasks.Looks;
        for (int i = 0; i < 1000; i++)
        {
            Assert.NotNull(_tasks.TakeDue(At(1000)));
        }

        Assert.Equal((looks + 1000, 0), (_tasks.Looks, _tasks.Due.Count));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void TakeDue_RandomOperations_AgreesWithAList(int seed)
    {
        Random random = new(seed);
        List<Sleeper> waiting = [];
        double steady = 0;
        double wall = 0;
        for (int i = 0; i < 3_000; i++)
        {
            ClockReading now = At(steady, wall);
            switch (random.Next(10))
            {
                case < 2:
                    waiting.Add(_tasks.Add(now, steady + 1 + (100 * random.NextDouble())));
                    break;
                case < 4:
                    waiting.Add(_tasks.Add(now, At(wall + (100 * random.NextDouble())).Utc));
                    break;
                case 4 or 5 or 6 or 7 when waiting.Count > 0 && random.Next(i / 500 % 2 == 0 ? 5 : 1) == 0:
                    Sleeper left = waiting[random.Next(waiting.Count)];
                    waiting.Remove(left);
                    _tasks.Leave(left);
                    break;
                case 8:
                    steady += random.NextDouble();
                    wall += random.Next(50) == 0 ? random.Next(-100, 100) : random.NextDouble();
                    break;
                default:
                    Sleeper? expected = Next(waiting, now);
                    Assert.Same(expected, _tasks.TakeDue(now));
                    waiting.Remove(expected!);
                    break;
            }

            Assert.Equal(waiting.Count, _tasks.Due.Count);
            Assert.Equal(waiting.Count == 0 ? null : waiting.Min(sleeper => Until(sleeper, At(steady, wall))), _tasks.Due.UntilNext(At(steady, wall)));
        }
    }

    private static Sleeper? Next(List<Sleeper> waiting, ClockReading now) => waiting
        .Where(sleeper => Until(sleeper, now) <= TimeSpan.Zero)
        .OrderBy(sleeper => sleeper.Definition.Options.RunAt is not null)
        .ThenBy(sleeper => Until(sleeper, now))
        .FirstOrDefault();

    private static TimeSpan Until(Sleeper sleeper, ClockReading now) =>
        sleeper.Definition.Options.RunAt is { } runAt ? runAt - now.Utc : sleeper.Status.DueAt - now.Elapsed;

    private Sleeper[] Add(int count, bool byWall) =>
        [.. Enumerable.Range(1, count).Select(seconds => byWall ? _tasks.Add(At(0), At(seconds).Utc) : _tasks.Add(At(0), seconds))];

    private void AssertTaken(IEnumerable<Sleeper> expected)
    {
        foreach (Sleeper sleeper in expected)
        {
            Assert.Same(sleeper, _tasks.TakeDue(At(10_000)));
        }

        Assert.Null(_tasks.TakeDue(At(10_000)));
    }
}
