namespace TaskManager.Tests.Proof.Model;

/// <summary>
/// The laws of docs/lifecycle.md that hold for every change, whatever led to it, checked from outside as the changes come by. The rest are laws over all tasks at once; those who
/// know all tasks check them.
/// </summary>
internal sealed class LawBook
{
    private readonly Dictionary<Guid, TaskRecord> _last = [];
    private readonly Dictionary<Guid, int> _finalEvents = [];
    private readonly HashSet<(Guid Task, int Attempt)> _begun = [];

    public void Witness(in TaskChange change)
    {
        TaskRecord after = change.Record;
        LifecycleStatus status = after.Status;
        if (change.From is null)
        {
            Assert.True(_last.TryAdd(after.Id, after), "A task is admitted once.");
            Assert.Equal((1, 0), (status.Version, status.Attempt));
        }
        else
        {
            FollowsFrom(_last[after.Id], change);
            _last[after.Id] = after;
        }

        if (status.State.IsFinal() && change.From?.IsFinal() != true)
        {
            int ends = _finalEvents[after.Id] = _finalEvents.GetValueOrDefault(after.Id) + 1;
            Assert.True(ends == status.Retries + 1, "Law 10: exactly one final event a life.");
        }

        HasOrderedMoments(after);
        HasOneLiveAttemptAtMost(after);
    }

    public void Forget(Guid id)
    {
        _last.Remove(id);
        _finalEvents.Remove(id);
    }

    private void FollowsFrom(in TaskRecord before, in TaskChange change)
    {
        LifecycleStatus status = change.Record.Status;
        Assert.Equal(before.State, change.From);
        Assert.True(!before.IsDone || status.Retries == before.Status.Retries + 1, "Law 1: a final state is left by a retry alone.");
        Assert.True(status.Version == before.Status.Version + 1, "Law 2: the version rises by one with each change.");
        Assert.True(status.Attempt - before.Status.Attempt is 0 or 1, "Law 2: the attempt only rises.");
        if (status.Attempt > before.Status.Attempt)
        {
            Assert.True(_begun.Add((change.Record.Id, status.Attempt)), "An attempt begins once.");
            Assert.False(before.Status.HasLiveAttempt, "Law 3: an attempt begins when none lives.");
        }
    }

    private static void HasOneLiveAttemptAtMost(in TaskRecord record)
    {
        IReadOnlyList<TaskAttempt> attempts = record.Attempts();
        for (int i = 0; i < attempts.Count; i++)
        {
            Assert.True(i == 0 || attempts[i].Number > attempts[i - 1].Number, "Law 2: numbers of attempts rise.");
            Assert.True(attempts[i].FinishedAt is not null || i == attempts.Count - 1, "Law 3: only the last attempt may live.");
        }

        Assert.True(record.State != TaskState.Completed || attempts[^1].Outcome == AttemptOutcome.Completed, "Law 4: a result belongs to the last attempt.");
        Assert.True(record.Status.Result is not AttemptResult result || result.Attempt == record.Status.Attempt, "Law 4: a result belongs to the last attempt.");
    }

    private static void HasOrderedMoments(in TaskRecord record)
    {
        DateTimeOffset created = record.Definition.Created.Utc;
        DateTimeOffset? started = record.Status.StartedAt;
        DateTimeOffset? finished = record.Status.FinishedAt;
        Assert.True(!(started < created) && !(finished < created) && !(finished < started), "Law 11: created ≤ started ≤ finished.");
        Assert.True(finished is not null == record.IsDone, "Law 11: exactly the ended tasks have an end.");
    }
}

/// <summary>A result that says which attempt it is from.</summary>
internal sealed record AttemptResult(int Attempt);
