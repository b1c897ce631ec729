using TaskManager.Queueing;

namespace TaskManager.Tests.Core.Queueing;

internal sealed class QueuedItem(TaskDefinition definition, TypeQueue queue) : QueueItem(definition, queue)
{
    public override bool BeginsAttempt => !IsSuspended;

    public bool IsSuspended { get; init; }

    /// <summary>An item for the parts that look at its sequence and its fairness key alone.</summary>
    public static QueuedItem Of(long sequence, string? key = null) => new(
        Definitions.Task(new() { FairnessKey = key }, sequence: sequence), new TypeQueue(Definitions.Type(), []));

    public override string ToString() => $"{Definition.Type}/{Definition.Options.Priority}/{Definition.Options.FairnessKey}/{Sequence}";
}
