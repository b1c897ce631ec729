using TaskManager.Execution;

namespace TaskManager.Tests.Core.Execution;

/// <summary>Where an attempt may go from where: every pair of places.</summary>
public sealed class PlaceTests
{
    private const string Table = """
        from \ to        in-slot  parking  in-other  parking-other  parked  abandoned  over

        in-slot          .        yes      yes       .              .       yes        yes
        parking          yes      .        yes       .              yes     yes        yes
        parked           yes      .        yes       .              .       yes        yes
        abandoned        .        .        .         .              .       .          yes
        over             .        .        .         .              .       .          .
        """;

    private readonly Dictionary<string, Place> _places;

    public PlaceTests()
    {
        var own = new SlotHold(new Slot(1, TestTypes.All));
        var other = new SlotHold(new Slot(2, TestTypes.All));
        _places = new()
        {
            ["in-slot"] = own,
            ["parking"] = new Parking(own),
            ["in-other"] = other,
            ["parking-other"] = new Parking(other),
            ["parked"] = Place.Parked,
            ["abandoned"] = Place.Abandoned,
            ["over"] = Place.Over,
        };
    }

    [Fact]
    public void MayBecome_EveryPair_IsAsTheTableSays()
    {
        string[][] lines = [.. Table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        string[] columns = lines[0][3..];
        foreach (string[] line in lines.Skip(1))
        {
            string[] may = [.. columns.Where(to => _places[line[0]].MayBecome(_places[to]))];

            Assert.Equal(columns.Where((_, i) => line[i + 1] == "yes"), may);
        }
    }

    [Fact]
    public async Task Next_HoldThatEndedWithItsAttempt_IsUsedAgain()
    {
        var hold = new SlotHold(new Slot(1, TestTypes.All));
        hold.End();
        Assert.True(await hold.WaitAsync());

        Assert.Same(hold, hold.Next());
        ValueTask<bool> waiting = hold.WaitAsync();
        Assert.False(waiting.IsCompleted);
        hold.End();
        Assert.True(await waiting.Patiently());
    }

    [Fact]
    public async Task Next_HoldThatWasGivenAway_IsAnother()
    {
        var hold = new SlotHold(new Slot(1, TestTypes.All));
        ValueTask<bool> waiting = hold.WaitAsync();
        Assert.False(hold.GiveAway());
        Assert.True(await waiting.Patiently());

        SlotHold next = hold.Next();

        Assert.NotSame(hold, next);
        Assert.Same(hold.Slot, next.Slot);
    }
}
