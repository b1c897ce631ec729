using TaskManager.Signals;

namespace TaskManager.Admission;

/// <summary>Takes submissions in: checks them, hands them to the store, and waits for room where the caller wants to.</summary>
internal sealed class Submitter(ITaskStore store, SubmissionValidator validator, RoomHint room)
{
    /// <summary>Submits, and waits for room.</summary>
    /// <returns>The id of the task that answers.</returns>
    public async ValueTask<Guid> SubmitAsync(TaskRequest request, CancellationToken stopping, CancellationToken cancellationToken)
    {
        ThrowIfStopping(stopping);
        if (validator.Check(request, out TaskSubmission submission) is { } refusal)
        {
            throw Refusal(refusal);
        }

        AddResult added = await store.AddAsync(submission, cancellationToken).ConfigureAwait(false);
        if (added.Outcome == AddOutcome.Full)
        {
            added = await AddWhenThereIsRoomAsync(submission, stopping, cancellationToken).ConfigureAwait(false);
        }

        return added.HasRecord ? added.Record.Id : throw Refusal(Answer(added));
    }

    public async ValueTask<SubmitResult> TrySubmitAsync(TaskRequest request, bool isStopping, CancellationToken cancellationToken)
    {
        if (isStopping)
        {
            return new SubmitResult.Stopping();
        }

        return validator.Check(request, out TaskSubmission submission)
            ?? Answer(await store.AddAsync(submission, cancellationToken).ConfigureAwait(false));
    }

    public async ValueTask<IReadOnlyList<SubmitResult>> TrySubmitManyAsync(
        IReadOnlyList<TaskRequest> requests, bool atomic, bool isStopping, CancellationToken cancellationToken)
    {
        var answers = new SubmitResult?[requests.Count];
        if (isStopping)
        {
            Array.Fill(answers, new SubmitResult.Stopping());
            return answers!;
        }

        var valid = new List<TaskSubmission>(requests.Count);
        for (int i = 0; i < answers.Length; i++)
        {
            answers[i] = validator.Check(requests[i], out TaskSubmission submission);
            if (answers[i] is null)
            {
                valid.Add(submission);
            }
        }

        if (atomic && valid.Count < answers.Length)
        {
            return [.. answers.Select(answer => answer ?? new SubmitResult.NotTried())];
        }

        using IEnumerator<AddResult> added = (await store.AddManyAsync(valid, atomic, cancellationToken).ConfigureAwait(false)).GetEnumerator();
        return [.. answers.Select(answer => answer ?? (added.MoveNext() ? Answer(added.Current) : throw new InvalidOperationException("The store answered too few.")))];
    }

    private async ValueTask<AddResult> AddWhenThereIsRoomAsync(TaskSubmission submission, CancellationToken stopping, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellationToken);
        room.Join();
        try
        {
            while (true)
            {
                AddResult added = await store.AddAsync(submission, cancellationToken).ConfigureAwait(false);
                if (added.Outcome != AddOutcome.Full)
                {
                    return added;
                }

                await room.NextAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();
                ThrowIfStopping(stopping);
            }
        }
        finally
        {
            room.Leave();
        }
    }

    private static void ThrowIfStopping(CancellationToken stopping)
    {
        if (stopping.IsCancellationRequested)
        {
            throw new TaskManagerStoppingException();
        }
    }

    private static SubmitResult Answer(in AddResult added) => added.Outcome switch
    {
        AddOutcome.Full => new SubmitResult.QueueFull(),
        AddOutcome.KeyReused => new SubmitResult.KeyReused(),
        AddOutcome.NotTried => new SubmitResult.NotTried(),
        AddOutcome.UnknownParents => Unknown(added.UnknownParents!),
        _ => new SubmitResult.Accepted(added.Record, added.Outcome),
    };

    private static SubmitResult.Invalid Unknown(IReadOnlyList<Guid> parents)
    {
        var faults = new ValidationFaults();
        foreach (Guid parent in parents)
        {
            faults.Add("depends_on", $"names {parent}, which is not there.");
        }

        return new SubmitResult.Invalid(faults.ByField());
    }

    private static Exception Refusal(SubmitResult refusal) => refusal switch
    {
        SubmitResult.Invalid invalid => new TaskValidationException(invalid.Errors),
        SubmitResult.UnknownType unknown => new TaskValidationException(unknown.Errors),
        SubmitResult.KeyReused => new InvalidOperationException("The idempotency key belongs to another request."),
        _ => new InvalidOperationException($"The task was not accepted: {refusal.GetType().Name}."),
    };
}
