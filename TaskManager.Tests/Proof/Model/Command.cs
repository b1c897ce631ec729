namespace TaskManager.Tests.Proof.Model;

/// <summary>
/// One step of a random run. It names no task, only numbers that the run makes sense of when its turn comes, so that any subset of a sequence is a sequence too.
/// </summary>
internal readonly record struct Command(CommandKind Kind, int Target, int Choice, int Amount)
{
    /// <summary>Draws a sequence; a kind comes as often as its weight says.</summary>
    public static List<Command> Sequence(int seed, int length, IReadOnlyList<(CommandKind Kind, int Weight)> weights)
    {
        var random = new Random(seed);
        CommandKind[] kinds = [.. weights.SelectMany(entry => Enumerable.Repeat(entry.Kind, entry.Weight))];
        return [.. Enumerable.Range(0, length).Select(_ => new Command(kinds[random.Next(kinds.Length)], random.Next(1_000), random.Next(1_000), random.Next(1_000)))];
    }

    public override string ToString() => $"new(CommandKind.{Kind}, {Target}, {Choice}, {Amount})";
}

internal enum CommandKind
{
    Submit,
    SubmitMany,
    Claim,
    GoOn,
    Complete,
    Fail,
    Checkpoint,
    FireTimeout,
    Abandon,
    Release,
    ExpireLease,
    Pause,
    Resume,
    Cancel,
    Retry,
    Remove,
    Progress,
    Log,
    Advance,
    JumpWall,
    QueueDue,
    Sweep,
    Page,
    StaleUpdate,
    ShutDown,
    HonourToken,
    ComeBack,
    Scale,
    StopOrStartPool,
}
