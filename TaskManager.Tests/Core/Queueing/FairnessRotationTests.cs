using TaskManager.Queueing;

namespace TaskManager.Tests.Core.Queueing;

public sealed class FairnessRotationTests
{
    private readonly FairnessRotation _rotation = new();

    [Fact]
    public void Join_ANewKey_StandsBehindAllThatWait()
    {
        FairnessTurn a = _rotation.Join("a");
        FairnessTurn keyless = _rotation.Join(null);
        FairnessTurn b = _rotation.Join("b");

        Assert.Equal([a, keyless, b], InTurn(b, keyless, a));
        Assert.Equal(("a", null, "b"), (a.Key, keyless.Key, b.Key));
    }

    [Theory]
    [InlineData("a")]
    [InlineData(null)]
    public void Join_AKeyThatWaits_KeepsItsTurn(string? key)
    {
        FairnessTurn first = _rotation.Join(key);
        long rank = first.Rank;
        _rotation.Join("b");

        Assert.Same(first, _rotation.Join(key));
        Assert.Equal((rank, 2), (first.Rank, first.Ready));
    }

    [Fact]
    public void Join_KeysThatDifferInCase_AreTwo() => Assert.NotSame(_rotation.Join("a"), _rotation.Join("A"));

    [Fact]
    public void Serve_WhoeverHadATurn_StandsBehindAll()
    {
        FairnessTurn a = _rotation.Join("a");
        FairnessTurn b = _rotation.Join("b");
        _rotation.Serve(a);

        Assert.Equal([b, a], InTurn(a, b));
        Assert.Equal(1, a.Ready); // a turn alone takes nothing
    }

    [Fact]
    public void Leave_NotTheLast_KeepsTheKeyAndItsTurn()
    {
        FairnessTurn a = _rotation.Join("a");
        _rotation.Join("a");
        long rank = a.Rank;
        _rotation.Leave(a);

        Assert.Same(a, _rotation.Join("a"));
        Assert.Equal((rank, 2), (a.Rank, a.Ready));
    }

    [Fact]
    public void Leave_TheLast_ForgetsTheKey()
    {
        FairnessTurn a = _rotation.Join("a");
        FairnessTurn b = _rotation.Join("b");
        _rotation.Leave(a);
        FairnessTurn again = _rotation.Join("a");

        Assert.NotSame(a, again);
        Assert.Equal([b, again], InTurn(again, b));
    }

    [Fact]
    public void Leave_TheLastWithoutAKey_StandsBehindAllWhenOneComesAgain()
    {
        FairnessTurn keyless = _rotation.Join(null);
        FairnessTurn b = _rotation.Join("b");
        _rotation.Leave(keyless);

        Assert.Equal(0, keyless.Ready);
        Assert.Same(keyless, _rotation.Join(null));
        Assert.Equal([b, keyless], InTurn(keyless, b));
    }

    private static IEnumerable<FairnessTurn> InTurn(params FairnessTurn[] turns) => turns.OrderBy(turn => turn.Rank);
}
