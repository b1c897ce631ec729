namespace TaskManager.Admission;

/// <summary>What a submission is answered with.</summary>
internal static class SubmitAnswers
{
    /// <summary>Names why a submission was refused, for the metrics.</summary>
    /// <returns><see langword="null"/> when it was not.</returns>
    public static string? ReasonOf(SubmitResult result) => result switch
    {
        SubmitResult.Accepted => null,
        SubmitResult.Invalid => "invalid",
        SubmitResult.UnknownType => "unknown_type",
        SubmitResult.KeyReused => "key_reused",
        SubmitResult.QueueFull => "queue_full",
        SubmitResult.Stopping => "stopping",
        SubmitResult.NotTried => "not_tried",
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, "No reason."),
    };

    /// <summary>Says what the store did with a submission.</summary>
    public static SubmitResult Answer(in AddResult added) => added.Outcome switch
    {
        AddOutcome.Full => new SubmitResult.QueueFull(),
        AddOutcome.KeyReused => new SubmitResult.KeyReused(),
        AddOutcome.NotTried => new SubmitResult.NotTried(),
        AddOutcome.Stopping => new SubmitResult.Stopping(),
        AddOutcome.UnknownParents => Unknown(added.UnknownParents!),
        _ => new SubmitResult.Accepted(added.Record, added.Outcome),
    };

    /// <summary>Names the parents that are not there, beside the other faults.</summary>
    public static SubmitResult.Invalid Unknown(IReadOnlyList<Guid> parents, IReadOnlyDictionary<string, IReadOnlyList<string>>? others = null)
    {
        var faults = new ValidationFaults(others);
        foreach (Guid parent in parents)
        {
            faults.Add("depends_on", $"names {parent}, which is not there.");
        }

        return new SubmitResult.Invalid(faults.ByField());
    }

    /// <summary>Says the refusal to those who submit without looking at a result.</summary>
    public static Exception Refusal(SubmitResult refusal) => refusal switch
    {
        SubmitResult.Invalid invalid => new TaskValidationException(invalid.Errors),
        SubmitResult.UnknownType unknown => new TaskValidationException(unknown.Errors),
        SubmitResult.Stopping => new TaskManagerStoppingException(),
        SubmitResult.KeyReused => new InvalidOperationException("The idempotency key belongs to another request."),
        _ => new InvalidOperationException($"The task was not accepted: {refusal.GetType().Name}."),
    };
}
