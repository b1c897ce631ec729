namespace TaskManager;

/// <summary>What becomes of a task when one that it depends on does not complete.</summary>
public enum DependencyFailurePolicy : byte
{
    /// <summary>It is cancelled, with the error <see cref="TaskErrorCodes.DependencyFailed"/>. The default.</summary>
    Cancel,

    /// <summary>It runs all the same: an end of any kind counts as completed.</summary>
    Run,
}
