namespace TaskManager.Tests.Proof.Model;

/// <summary>Which tasks answer for others: by idempotency key while they are kept, by unique key while they are unfinished, by equal parameters once they are completed.</summary>
internal sealed class ModelKeys(TaskModel model, TaskManagerOptions options)
{
    private readonly Dictionary<ModelTask, TimeSpan> _endedAt = [];
    private readonly Dictionary<(ModelType Type, string Digest), ModelTask> _lastCompleted = [];
    private readonly List<(string Key, ModelTask Task, byte[] Fingerprint)> _answered = []; // by whichever task, each once

    public int IdempotencyKeys => _answered.Count;

    public TimeSpan EndedAt(ModelTask task) => _endedAt.TryGetValue(task, out TimeSpan at) ? at : TimeSpan.Zero;

    /// <summary>Finds the task that answers in place of a new one, or the reason why neither does.</summary>
    public (AddOutcome Outcome, ModelTask? Task)? Answer(in TaskSubmission submission)
    {
        SubmitOptions asked = submission.Options;
        TaskType type = submission.Type;
        byte[] fingerprint = submission.Fingerprint.ToArray();
        if (asked.IdempotencyKey is { } key)
        {
            if (_answered.Find(answered => answered.Key == key) is { Task: { } first } known)
            {
                return known.Fingerprint.SequenceEqual(fingerprint) ? (AddOutcome.Replayed, first) : (AddOutcome.KeyReused, null);
            }

            if (IdempotencyKeys >= options.MaxIdempotencyKeys)
            {
                return (AddOutcome.Full, null);
            }
        }

        if (asked.UniqueKey is { } unique && model.Kept.SingleOrDefault(task => IsActive(task, type, unique)) is { } active)
        {
            return (AddOutcome.JoinedUnique, active);
        }

        if (asked.ReuseResultFor is { } age && submission.ParametersDigest is { } digest)
        {
            ModelTask? last = _lastCompleted.FirstOrDefault(pair => pair.Key.Type.Type == type && pair.Key.Digest == digest).Value;
            if (last is not null && model.Now.Elapsed - _endedAt[last] <= age)
            {
                return (AddOutcome.ReusedResult, last);
            }
        }

        return null;
    }

    /// <summary>Notes which task answered a submission, if it must be known when it is repeated.</summary>
    public void Answered(in TaskSubmission submission, ModelTask task)
    {
        if (submission.Options.IdempotencyKey is { } key && !_answered.Exists(answered => answered.Key == key))
        {
            _answered.Add((key, task, submission.Fingerprint.ToArray()));
        }
    }

    public bool IsUniqueKeyFree(ModelTask task) =>
        task.Options.UniqueKey is not { } key || !model.Kept.Any(other => IsActive(other, task.Type.Type, key));

    public void Ended(ModelTask task)
    {
        _endedAt[task] = model.Now.Elapsed;
        if (task.State == TaskState.Completed && task.ParametersDigest is { } digest)
        {
            _lastCompleted[(task.Type, digest)] = task;
        }
    }

    public void Removed(ModelTask task)
    {
        _endedAt.Remove(task);
        _answered.RemoveAll(answered => answered.Task == task);
        if (task.ParametersDigest is { } digest && _lastCompleted.GetValueOrDefault((task.Type, digest)) == task)
        {
            _lastCompleted.Remove((task.Type, digest));
        }
    }

    private static bool IsActive(ModelTask task, TaskType type, string uniqueKey) =>
        !task.IsFinal && task.Type.Type == type && task.Options.UniqueKey == uniqueKey;
}
