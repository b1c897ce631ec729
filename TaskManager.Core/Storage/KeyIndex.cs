namespace TaskManager.Storage;

/// <summary>The tasks that answer for others: by idempotency key while they are kept, by unique key while they are unfinished, by equal parameters once they are completed.</summary>
internal sealed class KeyIndex(int maxIdempotencyKeys)
{
    private readonly Dictionary<string, (TaskEntry Entry, ReadOnlyMemory<byte> Fingerprint)> _byIdempotencyKey = new(StringComparer.Ordinal);
    private readonly Dictionary<(TaskType Type, string Key), TaskEntry> _byUniqueKey = [];
    private readonly Dictionary<(TaskType Type, string Parameters), (TaskEntry Entry, TimeSpan EndedAt)> _byParameters = [];

    private readonly Dictionary<TaskEntry, string> _digests = [];
    private readonly Dictionary<TaskEntry, List<string>> _furtherKeys = []; // idempotency keys of the submissions that a task answered in place of a new one

    public int IdempotencyKeys => _byIdempotencyKey.Count;

    /// <summary>Finds the task that answers a submission in place of a new one.</summary>
    /// <returns><see langword="null"/> when a new one must.</returns>
    public AddResult? Answer(in TaskSubmission submission, ClockReading now) => Answer(submission, now, out _);

    /// <summary>Finds the task that answers a submission in place of a new one, and remembers under its idempotency key that it did.</summary>
    /// <returns><see langword="null"/> when a new one must.</returns>
    public AddResult? AnswerForGood(in TaskSubmission submission, ClockReading now)
    {
        AddResult? answer = Answer(submission, now, out TaskEntry? entry);
        if (entry is not null && submission.Options.IdempotencyKey is { } key)
        {
            _byIdempotencyKey.Add(key, (entry, submission.Fingerprint));
            if (!_furtherKeys.TryGetValue(entry, out List<string>? keys))
            {
                keys = [];
                _furtherKeys.Add(entry, keys);
            }

            keys.Add(key);
        }

        return answer;
    }

    /// <param name="submission">What is asked.</param>
    /// <param name="now">When.</param>
    /// <param name="entry">The task that answers, if its own keys or result make it do so; <see langword="null"/> when it answers under an idempotency key that is known already.</param>
    private AddResult? Answer(in TaskSubmission submission, ClockReading now, out TaskEntry? entry)
    {
        entry = null;
        SubmitOptions options = submission.Options;
        if (options.IdempotencyKey is { } idempotencyKey && _byIdempotencyKey.TryGetValue(idempotencyKey, out var first))
        {
            return first.Fingerprint.Span.SequenceEqual(submission.Fingerprint.Span)
                ? new AddResult(AddOutcome.Replayed, first.Entry.Record)
                : new AddResult(AddOutcome.KeyReused);
        }

        if (options.IdempotencyKey is not null && _byIdempotencyKey.Count >= maxIdempotencyKeys)
        {
            return new AddResult(AddOutcome.Full); // whoever answered it, a repetition would not find the answer
        }

        if (options.UniqueKey is { } uniqueKey && _byUniqueKey.TryGetValue((submission.Type, uniqueKey), out entry))
        {
            return new AddResult(AddOutcome.JoinedUnique, entry.Record);
        }

        if (options.ReuseResultFor is { } age
            && submission.ParametersDigest is { } digest
            && _byParameters.TryGetValue((submission.Type, digest), out var completed)
            && now.Elapsed - completed.EndedAt <= age)
        {
            entry = completed.Entry;
            return new AddResult(AddOutcome.ReusedResult, entry.Record);
        }

        return null;
    }

    public bool IsUniqueKeyFree(TaskDefinition definition) =>
        definition.Options.UniqueKey is not { } key || !_byUniqueKey.ContainsKey((definition.Type, key));

    public void Added(TaskEntry entry, in TaskSubmission submission)
    {
        if (submission.Options.IdempotencyKey is { } key)
        {
            _byIdempotencyKey.Add(key, (entry, submission.Fingerprint));
        }

        if (submission.ParametersDigest is { } digest)
        {
            _digests.Add(entry, digest);
        }
    }

    /// <summary>Notes that a task is unfinished, newly or again.</summary>
    public void Unfinished(TaskEntry entry)
    {
        if (entry.Definition.Options.UniqueKey is { } key)
        {
            _byUniqueKey.Add((entry.Definition.Type, key), entry);
        }
    }

    public void Ended(TaskEntry entry, ClockReading now)
    {
        if (entry.Definition.Options.UniqueKey is { } key)
        {
            _byUniqueKey.Remove((entry.Definition.Type, key));
        }

        if (entry.Status.State == TaskState.Completed && _digests.TryGetValue(entry, out string? digest))
        {
            _byParameters[(entry.Definition.Type, digest)] = (entry, now.Elapsed);
        }
    }

    public void Removed(TaskEntry entry)
    {
        if (entry.Definition.Options.IdempotencyKey is { } key)
        {
            _byIdempotencyKey.Remove(key);
        }

        if (_furtherKeys.Remove(entry, out List<string>? further))
        {
            further.ForEach(each => _byIdempotencyKey.Remove(each));
        }

        if (_digests.Remove(entry, out string? digest)
            && _byParameters.TryGetValue((entry.Definition.Type, digest), out var completed)
            && completed.Entry == entry)
        {
            _byParameters.Remove((entry.Definition.Type, digest));
        }
    }
}
