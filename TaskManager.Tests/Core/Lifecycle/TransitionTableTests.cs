namespace TaskManager.Tests.Core.Lifecycle;

/// <summary>The rules of docs/lifecycle.md, cell by cell.</summary>
[Trait("Proof", "table")]
public sealed class TransitionTableTests
{
    public static TheoryData<string, LifecycleEventKind, string> Cells { get; } = [.. TransitionTable.Cells];

    [Theory]
    [MemberData(nameof(Cells))]
    public void Apply_EverySituationAndEvent_DoesWhatTheTableSays(string situation, LifecycleEventKind kind, string cell)
    {
        LifecycleStatus before = Situations.Of(situation);
        Guid token = before.Lease?.Token ?? Guid.Empty;

        LifecycleMove move = TaskLifecycle.Apply(
            new TaskRecord(Situations.Definition, before), Events.Of(kind, before.Attempt, token), Situations.Now);

        Assert.Equal(Effects.Verdict(cell), move.Verdict);
        Statuses.AssertEqual(Effects.Next(cell, before), move.Next);
    }

    [Fact]
    public void Table_EverySituationAndEvent_HasExactlyOneCell() =>
        Assert.Equal(
            from situation in Situations.Names
            from kind in Enum.GetValues<LifecycleEventKind>()
            orderby situation, kind
            select (situation, kind),
            from cell in TransitionTable.Cells
            orderby cell.Situation, cell.Kind
            select (cell.Situation, cell.Kind));

    [Fact]
    public void Table_EveryState_IsASituation() =>
        Assert.Equal(TaskStates.All, Situations.Names.Select(name => Situations.Of(name).State).Distinct().Order());
}
