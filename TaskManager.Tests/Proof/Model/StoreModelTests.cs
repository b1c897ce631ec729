namespace TaskManager.Tests.Proof.Model;

[Trait("Proof", "model")]
public sealed class StoreModelTests
{
    private const int Length = 400;

    private static readonly (CommandKind Kind, int Weight)[] Weights =
    [
        (CommandKind.Submit, 24),
        (CommandKind.SubmitMany, 2),
        (CommandKind.Claim, 22),
        (CommandKind.GoOn, 4),
        (CommandKind.Complete, 6),
        (CommandKind.Fail, 6),
        (CommandKind.Checkpoint, 5),
        (CommandKind.FireTimeout, 3),
        (CommandKind.Abandon, 3),
        (CommandKind.Release, 3),
        (CommandKind.ExpireLease, 3),
        (CommandKind.Pause, 7),
        (CommandKind.Resume, 7),
        (CommandKind.Cancel, 5),
        (CommandKind.Retry, 6),
        (CommandKind.Remove, 2),
        (CommandKind.Progress, 3),
        (CommandKind.Log, 3),
        (CommandKind.Advance, 10),
        (CommandKind.JumpWall, 1),
        (CommandKind.QueueDue, 6),
        (CommandKind.Sweep, 2),
        (CommandKind.Page, 2),
        (CommandKind.StaleUpdate, 1),
        (CommandKind.ShutDown, 1),
    ];

    [Fact]
    public Task Store_RandomCommands_AgreesWithTheModelAfterEach() =>
        RandomRuns.PlayAsync(ProofSize.Of(500, 12_500), seed => Command.Sequence(seed, Length, Weights), StoreRun.PlayAsync);
}
