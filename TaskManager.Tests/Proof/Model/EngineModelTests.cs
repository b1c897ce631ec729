namespace TaskManager.Tests.Proof.Model;

[Trait("Proof", "model")]
public sealed class EngineModelTests
{
    private const int Length = 200;

    private static readonly (CommandKind Kind, int Weight)[] Weights =
    [
        (CommandKind.Submit, 24),
        (CommandKind.Complete, 10),
        (CommandKind.Fail, 8),
        (CommandKind.Checkpoint, 10),
        (CommandKind.HonourToken, 5),
        (CommandKind.ComeBack, 2),
        (CommandKind.Progress, 3),
        (CommandKind.Pause, 9),
        (CommandKind.Resume, 9),
        (CommandKind.Cancel, 7),
        (CommandKind.Retry, 6),
        (CommandKind.Remove, 2),
        (CommandKind.Advance, 8),
        (CommandKind.JumpWall, 1),
        (CommandKind.Scale, 2),
        (CommandKind.StopOrStartPool, 1),
    ];

    [Fact]
    public Task Engine_RandomCommands_AgreesWithTheModelAfterEach() =>
        RandomRuns.PlayAsync(ProofSize.Of(100, 5_000), seed => Command.Sequence(seed, Length, Weights), EngineRun.PlayAsync);
}
