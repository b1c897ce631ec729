namespace TaskManager.Tests.Api;

/// <summary>Tests that load a host in a process of its own and tell what they measured: one after the other, and beside no other test.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RealProcesses
{
    public const string Name = "real processes";

    /// <summary>Gets a value indicating whether the long proofs are asked for: <c>TASKMANAGER_PROOF=all</c>.</summary>
    public static bool AreLong { get; } = Environment.GetEnvironmentVariable("TASKMANAGER_PROOF") == "all";
}
