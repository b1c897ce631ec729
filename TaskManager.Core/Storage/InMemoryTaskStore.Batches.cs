namespace TaskManager.Storage;

/// <content>Many submissions at once, and those of which all are admitted or none.</content>
internal sealed partial class InMemoryTaskStore
{
    public ValueTask<IReadOnlyList<AddResult>> AddManyAsync(IReadOnlyList<TaskSubmission> submissions, bool atomic, CancellationToken cancellationToken)
    {
        if (!atomic)
        {
            return new ValueTask<IReadOnlyList<AddResult>>([.. submissions.Select(AddOne)]);
        }

        lock (_gate)
        {
            ClockReading now = Now;
            AddResult[] results = ForeseenLocked(submissions, now);
            if (!HasRoomLocked(submissions, results))
            {
                Array.Fill(results, new AddResult(AddOutcome.Full));
            }
            else if (Array.TrueForAll(results, result => result.HasRecord))
            {
                results = [.. submissions.Select(submission => AddLocked(submission, now, hasRoom: true))];
                RemoveOldestLocked(now, atMost: 2 * results.Length); // not between: a later one may name what would go
            }
            else
            {
                results = [.. results.Select(result => result.HasRecord ? new AddResult(AddOutcome.NotTried) : result)];
            }

            return new ValueTask<IReadOnlyList<AddResult>>(results);
        }
    }

    /// <summary>Says how each submission would be answered, without admitting it, if there were room.</summary>
    private AddResult[] ForeseenLocked(IReadOnlyList<TaskSubmission> submissions, ClockReading now)
    {
        var fingerprints = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal); // under the keys that would be remembered
        return [.. submissions.Select(submission =>
        {
            AddResult foreseen = ForeseenLocked(submission, now);
            if (submission.Options.IdempotencyKey is not { } key)
            {
                return foreseen;
            }

            if (fingerprints.TryGetValue(key, out ReadOnlyMemory<byte> first))
            {
                return first.Span.SequenceEqual(submission.Fingerprint.Span) ? foreseen : new AddResult(AddOutcome.KeyReused);
            }

            if (IsRemembered(foreseen))
            {
                fingerprints.Add(key, submission.Fingerprint);
            }

            return foreseen;
        })];
    }

    private AddResult ForeseenLocked(TaskSubmission submission, ClockReading now)
    {
        if (_keys.Answer(submission, now) is { } answer)
        {
            return answer;
        }

        return TryFindParentsLocked(submission.Options.DependsOn, out _, out IReadOnlyList<Guid> unknown)
            ? new AddResult(AddOutcome.Added)
            : new AddResult(AddOutcome.UnknownParents, UnknownParents: unknown);
    }

    private bool HasRoomLocked(IReadOnlyList<TaskSubmission> submissions, AddResult[] foreseen)
    {
        TaskSubmission[] added = [.. submissions.Where((_, index) => foreseen[index].Outcome is AddOutcome.Added or AddOutcome.Full)];
        int keys = submissions.Where((submission, index) => submission.Options.IdempotencyKey is not null && (IsRemembered(foreseen[index]) || foreseen[index].Outcome == AddOutcome.Full))
            .DistinctBy(submission => submission.Options.IdempotencyKey, StringComparer.Ordinal)
            .Count();
        return _occupancy.HasRoomFor(added.Length, added.Sum(submission => (long)Occupancy.SizeOf(submission.Parameters)))
            && _keys.IdempotencyKeys + keys <= _options.MaxIdempotencyKeys;
    }

    // What is a repetition already brings no further key.
    private static bool IsRemembered(AddResult foreseen) => foreseen.Outcome is AddOutcome.Added or AddOutcome.JoinedUnique or AddOutcome.ReusedResult;
}
