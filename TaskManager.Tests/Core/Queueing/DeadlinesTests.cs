using TaskManager.Queueing;

namespace TaskManager.Tests.Core.Queueing;

public sealed class DeadlinesTests
{
    private readonly Deadlines<string> _deadlines = new();

    [Fact]
    public void Empty_HasNone()
    {
        Assert.Equal((0, null, null), (_deadlines.Count, _deadlines.Next(), _deadlines.TakeDue(TimeSpan.MaxValue)));
        Assert.False(_deadlines.Contains("a"));
        Assert.False(_deadlines.Remove("a"));
    }

    [Fact]
    public void TakeDue_Several_ComeInTheOrderOfTheirMomentsAtTheVeryTick()
    {
        Set("late", 30);
        Set("early", 10);
        Set("middle", 20);

        Assert.Null(_deadlines.TakeDue(At(10) - TimeSpan.FromTicks(1)));
        Assert.Equal(At(10), _deadlines.Next());
        Assert.Equal("early", _deadlines.TakeDue(At(10)));
        Assert.Null(_deadlines.TakeDue(At(10)));
        Assert.Equal((2, false), (_deadlines.Count, _deadlines.Contains("early")));
        Assert.Equal<string?>(["middle", "late"], Take(99, 99));
        Assert.Equal((0, null, null), (_deadlines.Count, _deadlines.Next(), _deadlines.TakeDue(TimeSpan.MaxValue)));
    }

    [Fact]
    public void Set_ALaterMoment_PutsOff()
    {
        Set("a", 10);
        Set("b", 20);
        Set("a", 30);

        Assert.Equal((2, At(20)), (_deadlines.Count, _deadlines.Next()));
        Assert.Equal<string?>(["b", null], Take(20, 29));
        Assert.Equal("a", _deadlines.TakeDue(At(30)));
        Assert.Null(_deadlines.TakeDue(TimeSpan.MaxValue));
    }

    [Fact]
    public void Set_AnEarlierMoment_BringsForwardAndFiresOnce()
    {
        Set("a", 30);
        Set("b", 20);
        Set("a", 10);

        Assert.Equal(At(10), _deadlines.Next());
        Assert.Equal("a", _deadlines.TakeDue(At(10)));
        Assert.Equal<string?>(["b", null], Take(99, 99));
    }

    [Fact]
    public void Remove_One_IsNeverDue()
    {
        Set("a", 10);
        Set("b", 20);

        Assert.True(_deadlines.Remove("a"));
        Assert.False(_deadlines.Remove("a"));
        Assert.Equal((1, At(20)), (_deadlines.Count, _deadlines.Next()));
        Set("a", 40); // anew
        Assert.Equal<string?>(["b", null, "a"], Take(39, 39, 40));
    }

    /// <summary>Random calls beside a plain dictionary: many things, put off and brought forward and removed, so that the heap is thinned out again and again.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AnyCalls_AgreeWithAPlainTable(int seed)
    {
        var random = new Random(seed);
        var model = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        TimeSpan now = TimeSpan.Zero;
        for (int step = 0; step < 20_000; step++)
        {
            string item = $"{random.Next(1 + (step % 200))}";
            switch (random.Next(5))
            {
                case 0 when model.Count > random.Next(150):
                    Assert.Equal(model.Remove(item), _deadlines.Remove(item));
                    break;
                case 1:
                    now += TimeSpan.FromTicks(random.Next(3));
                    string? due = _deadlines.TakeDue(now);
                    TimeSpan? least = model.Count == 0 ? null : model.Values.Min();
                    Assert.Equal(least <= now, due is not null);
                    Assert.True(due is null || (model.Remove(due, out TimeSpan moment) && moment == least));
                    break;
                default:
                    model[item] = now + TimeSpan.FromTicks(random.Next(100));
                    _deadlines.Set(item, model[item]);
                    break;
            }

            Assert.Equal((model.Count, model.Count == 0 ? null : model.Values.Min()), (_deadlines.Count, _deadlines.Next()));
            Assert.Equal(model.ContainsKey(item), _deadlines.Contains(item));
        }
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private IEnumerable<string?> Take(params double[] moments) => moments.Select(at => _deadlines.TakeDue(At(at)));

    private void Set(string item, double seconds) => _deadlines.Set(item, At(seconds));
}
