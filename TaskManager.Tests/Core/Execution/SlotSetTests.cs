using TaskManager.Execution;

namespace TaskManager.Tests.Core.Execution;

public sealed class SlotSetTests
{
    private readonly SlotSet _slots = new(TestTypes.All, wanted: 2);

    [Fact]
    public void Fill_SomeAreThere_AddsThoseThatAreMissing()
    {
        Assert.Equal([1, 2], Numbers(_slots.Fill()));
        Assert.Empty(_slots.Fill());
        _slots.Resize(4);

        Assert.Equal([3, 4], Numbers(_slots.Fill()));
    }

    [Fact]
    public void IsRetired_OneTooMany_LeavesAndItsNumberComesBackAsAnother()
    {
        IReadOnlyList<Slot> first = _slots.Fill();
        _slots.Resize(1);

        Assert.Equal([false, true], first.Select(_slots.IsRetired));
        _slots.Resize(2);
        Slot again = Assert.Single(_slots.Fill());

        Assert.Equal((2, false), (again.Number, _slots.IsRetired(again)));
        Assert.True(_slots.IsRetired(first[1])); // or its consumer, asking twice, would go on beside the other's
    }

    [Fact]
    public void Close_AllRetire()
    {
        IReadOnlyList<Slot> slots = _slots.Fill();
        _slots.Close();

        Assert.True(_slots.IsClosed);
        Assert.All(slots, slot => Assert.True(_slots.IsRetired(slot)));
    }

    [Fact]
    public void IsClaiming_OneAsks_UntilItHasItsAnswer()
    {
        Slot slot = _slots.Fill()[1];
        slot.BeginClaim();
        Assert.True(_slots.IsClaiming);
        _slots.LetClaimsEnd(beyond: 2); // not waited for
        slot.EndClaim();
        Assert.False(_slots.IsClaiming);
    }

    private static IEnumerable<int> Numbers(IEnumerable<Slot> slots) => slots.Select(slot => slot.Number);
}
