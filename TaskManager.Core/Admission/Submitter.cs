using System.Diagnostics;
using System.Globalization;
using TaskManager.Diagnostics;
using TaskManager.Signals;

namespace TaskManager.Admission;

/// <summary>Takes submissions in: checks them, hands them to the store, and waits for room where the caller wants to.</summary>
internal sealed class Submitter(ITaskStore store, SubmissionValidator validator, RoomHint room, Telemetry telemetry, CancellationToken stopping)
{
    private readonly Pulse _left = new();
    private int _underWay;

    /// <summary>Waits until every submission that began before the process began to stop is in the store, or refused.</summary>
    public async Task WhenNoneIsUnderWayAsync()
    {
        Task next = _left.Next();
        while (Volatile.Read(ref _underWay) > 0)
        {
            await next.ConfigureAwait(false);
            next = _left.Next();
        }
    }

    /// <summary>Submits, and waits for room.</summary>
    /// <returns>The id of the task that answers.</returns>
    public ValueTask<Guid> SubmitAsync(TaskRequest request, CancellationToken cancellationToken) =>
        validator.Check(request, out TaskSubmission submission) is { } refusal
            ? RefuseAsync(refusal, request, cancellationToken)
            : SubmitAsync(submission, cancellationToken);

    // A store in memory answers at once, and mostly there is room: that needs no state machine.
    private ValueTask<Guid> SubmitAsync(TaskSubmission submission, CancellationToken cancellationToken)
    {
        if (telemetry.Tracing.HasListeners)
        {
            return TraceAsync(submission, cancellationToken);
        }

        submission = Traced(submission, TaskTracing.ContextOf(submission: null));
        ValueTask<AddResult> adding = AddAsync(submission, cancellationToken);
        if (!adding.IsCompletedSuccessfully)
        {
            return FinishAsync(adding, submission, cancellationToken);
        }

        AddResult added = adding.Result;
        return added.HasRecord ? new ValueTask<Guid>(added.Record.Id) : FinishAsync(new ValueTask<AddResult>(added), submission, cancellationToken);
    }

    /// <summary>Submits within a span: one, however often it is tried. It begins in here, since what an asynchronous method makes current ends with it; the caller would be left with it.</summary>
    private async ValueTask<Guid> TraceAsync(TaskSubmission submission, CancellationToken cancellationToken)
    {
        Activity? span = telemetry.Tracing.Submit(submission.Type);
        try
        {
            TaskSubmission traced = Traced(submission, TaskTracing.ContextOf(span));
            return await FinishAsync(AddAsync(traced, cancellationToken), traced, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            TaskTracing.Stop(span);
        }
    }

    private async ValueTask<Guid> FinishAsync(ValueTask<AddResult> adding, TaskSubmission submission, CancellationToken cancellationToken)
    {
        AddResult added = await adding.ConfigureAwait(false);
        if (added.Outcome == AddOutcome.Full)
        {
            added = await AddWhenThereIsRoomAsync(submission, cancellationToken).ConfigureAwait(false);
        }

        return added.HasRecord ? added.Record.Id : throw SubmitAnswers.Refusal(Counted(SubmitAnswers.Answer(added)));
    }

    private async ValueTask<Guid> RefuseAsync(SubmitResult refusal, TaskRequest request, CancellationToken cancellationToken) =>
        throw SubmitAnswers.Refusal(Counted(await WithUnknownParentsAsync(refusal, request, cancellationToken).ConfigureAwait(false)));

    /// <summary>Submits many in their order, and waits for room. All are checked before the first is admitted.</summary>
    /// <returns>The ids of the tasks that answer.</returns>
    public async ValueTask<IReadOnlyList<Guid>> SubmitManyAsync(IReadOnlyList<TaskRequest> requests, CancellationToken cancellationToken)
    {
        var submissions = new TaskSubmission[requests.Count];
        var faults = new ValidationFaults();
        for (int i = 0; i < submissions.Length; i++)
        {
            if (validator.Check(requests[i], out submissions[i]) is SubmitResult.Invalid invalid)
            {
                faults.AddAll(string.Create(CultureInfo.InvariantCulture, $"[{i}]."), invalid.Errors);
            }
        }

        if (!faults.IsEmpty)
        {
            throw new TaskValidationException(faults.ByField());
        }

        var ids = new Guid[submissions.Length];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = await SubmitAsync(submissions[i], cancellationToken).ConfigureAwait(false);
        }

        return ids;
    }

    public async ValueTask<SubmitResult> TrySubmitAsync(TaskRequest request, CancellationToken cancellationToken)
    {
        if (validator.Check(request, out TaskSubmission submission) is { } refusal)
        {
            return Counted(await WithUnknownParentsAsync(refusal, request, cancellationToken).ConfigureAwait(false));
        }

        Activity? span = telemetry.Tracing.HasListeners ? telemetry.Tracing.Submit(submission.Type) : null;
        try
        {
            return Counted(SubmitAnswers.Answer(await AddAsync(Traced(submission, TaskTracing.ContextOf(span)), cancellationToken).ConfigureAwait(false)));
        }
        finally
        {
            TaskTracing.Stop(span);
        }
    }

    public async ValueTask<IReadOnlyList<SubmitResult>> TrySubmitManyAsync(IReadOnlyList<TaskRequest> requests, bool atomic, CancellationToken cancellationToken)
    {
        IReadOnlyList<SubmitResult> results = await TryAllAsync(requests, atomic, cancellationToken).ConfigureAwait(false);
        foreach (SubmitResult result in results)
        {
            Counted(result);
        }

        return results;
    }

    private async ValueTask<IReadOnlyList<SubmitResult>> TryAllAsync(IReadOnlyList<TaskRequest> requests, bool atomic, CancellationToken cancellationToken)
    {
        var answers = new SubmitResult?[requests.Count];
        var valid = new List<TaskSubmission>(requests.Count);
        for (int i = 0; i < answers.Length; i++)
        {
            answers[i] = validator.Check(requests[i], out TaskSubmission submission);
            if (answers[i] is null)
            {
                valid.Add(submission);
            }
            else
            {
                answers[i] = await WithUnknownParentsAsync(answers[i]!, requests[i], cancellationToken).ConfigureAwait(false);
            }
        }

        if (atomic && valid.Count < answers.Length)
        {
            for (int i = 0; i < answers.Length; i++)
            {
                answers[i] ??= await WithUnknownParentsAsync(new SubmitResult.NotTried(), requests[i], cancellationToken).ConfigureAwait(false);
            }

            return answers!;
        }

        using IEnumerator<AddResult> added = (await AddManyAsync(valid, atomic, cancellationToken).ConfigureAwait(false)).GetEnumerator();
        return [.. answers.Select(answer => answer ?? (added.MoveNext() ? SubmitAnswers.Answer(added.Current) : throw new InvalidOperationException("The store answered too few.")))];
    }

    private ValueTask<AddResult> AddAsync(TaskSubmission submission, CancellationToken cancellationToken)
    {
        if (!TryEnter())
        {
            return new ValueTask<AddResult>(new AddResult(AddOutcome.Stopping));
        }

        ValueTask<AddResult> adding;
        try
        {
            adding = store.AddAsync(submission, cancellationToken);
        }
        catch
        {
            Leave();
            throw;
        }

        if (!adding.IsCompleted)
        {
            return LeaveAfterAsync(adding);
        }

        Leave();
        return adding;
    }

    private async ValueTask<AddResult> LeaveAfterAsync(ValueTask<AddResult> adding)
    {
        try
        {
            return await adding.ConfigureAwait(false);
        }
        finally
        {
            Leave();
        }
    }

    private async ValueTask<IReadOnlyList<AddResult>> AddManyAsync(List<TaskSubmission> submissions, bool atomic, CancellationToken cancellationToken)
    {
        if (!TryEnter())
        {
            return [.. submissions.Select(_ => new AddResult(AddOutcome.Stopping))];
        }

        try
        {
            string? context = TaskTracing.ContextOf(submission: null);
            IReadOnlyList<TaskSubmission> traced = context is null ? submissions : [.. submissions.Select(submission => Traced(submission, context))];
            return await store.AddManyAsync(traced, atomic, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Begins what makes a task unfinished. Counted first, then asked: whoever stops the process waits for what found it running.</summary>
    /// <returns><see langword="false"/> when the process stops; otherwise <see cref="Leave"/> must follow.</returns>
    public bool TryEnter()
    {
        Interlocked.Increment(ref _underWay);
        if (!stopping.IsCancellationRequested)
        {
            return true;
        }

        Leave();
        return false;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _underWay) == 0)
        {
            _left.Raise();
        }
    }

    /// <summary>Adds to a refusal what only the store knows, so that all faults are named at once.</summary>
    private async ValueTask<SubmitResult> WithUnknownParentsAsync(SubmitResult refusal, TaskRequest request, CancellationToken cancellationToken)
    {
        var unknown = new List<Guid>();
        foreach (Guid parent in request.Options?.DependsOn.Take(SubmitOptions.MaxParents) ?? [])
        {
            if (await store.FindAsync(parent, cancellationToken).ConfigureAwait(false) is null)
            {
                unknown.Add(parent);
            }
        }

        return unknown.Count == 0 ? refusal : refusal switch
        {
            SubmitResult.UnknownType type => type with { Errors = SubmitAnswers.Unknown(unknown, type.Errors).Errors },
            SubmitResult.Invalid invalid => SubmitAnswers.Unknown(unknown, invalid.Errors),
            _ => SubmitAnswers.Unknown(unknown),
        };
    }

    private async ValueTask<AddResult> AddWhenThereIsRoomAsync(TaskSubmission submission, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellationToken);
        room.Join();
        bool isWoken = false;
        try
        {
            while (true)
            {
                AddResult added = await AddAsync(submission, cancellationToken).ConfigureAwait(false);
                if (added.Outcome != AddOutcome.Full)
                {
                    return added;
                }

                Task turn = room.NextAsync(either.Token);
                await turn.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                isWoken |= turn.IsCompletedSuccessfully;
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            room.Leave();
            if (isWoken && !store.IsFull)
            {
                room.Raise(); // it took none of the room that it was woken for, or there is more
            }
        }
    }

    private SubmitResult Counted(SubmitResult result)
    {
        if (SubmitAnswers.ReasonOf(result) is { } reason)
        {
            telemetry.Metrics.SubmissionRefused(reason);
        }

        return result;
    }

    private static TaskSubmission Traced(in TaskSubmission submission, string? context) => context is null ? submission : submission with { TraceParent = context };
}
