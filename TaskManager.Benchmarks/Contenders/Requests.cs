namespace TaskManager.Benchmarks.Contenders;

/// <summary>Asks for nothing.</summary>
internal sealed record NoWork : ITaskParameters<string>
{
    public static readonly NoWork Instance = new();
}

/// <summary>Asks for a small value.</summary>
internal sealed record Doubling(int Value) : ITaskParameters<Doubled>;

internal sealed record Doubled(int Value);
