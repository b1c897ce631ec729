namespace TaskManager.Storage;

/// <content>The way in: who is answered by a task that is there, who finds no room, and the number that the rest get.</content>
internal sealed partial class InMemoryTaskStore
{
    public ValueTask<AddResult> AddAsync(TaskSubmission submission, CancellationToken cancellationToken) => new(AddOne(submission));

    private AddResult AddOne(TaskSubmission submission)
    {
        lock (_gate)
        {
            ClockReading now = Now;
            AddResult result = AddLocked(submission, now, hasRoom: false);
            if (result is { Outcome: AddOutcome.Added, Record.IsDone: true })
            {
                RemoveOldestLocked(now, atMost: 2); // born cancelled, it is an ended one more
            }

            return result;
        }
    }

    private AddResult AddLocked(in TaskSubmission submission, ClockReading now, bool hasRoom)
    {
        if (_keys.AnswerForGood(submission, now) is { } answer)
        {
            return answer;
        }

        if (!TryFindParentsLocked(submission.Options.DependsOn, out TaskEntry[] parents, out IReadOnlyList<Guid> unknown))
        {
            return new AddResult(AddOutcome.UnknownParents, UnknownParents: unknown);
        }

        if (!hasRoom && IsFull)
        {
            return new AddResult(AddOutcome.Full);
        }

        TaskEntry entry = NumberLocked(submission, parents, now);
        TaskState state = entry.Status.State;
        _table.Add(entry);
        entry.Queue.Counts[state]++;
        _occupancy.Grow(Occupancy.SizeOf(submission.Parameters));
        _keys.Added(entry, submission);
        if (!state.IsFinal())
        {
            _occupancy.Began();
            _keys.Unfinished(entry);
        }

        if (parents.Length > 0)
        {
            DependencyGraph.Tie(entry, parents);
        }

        EnterLocked(entry, state, now);
        entry.AssertReadyOnlyIfQueued();
        Changed?.Invoke(new TaskChange(entry.Record, From: null, now));
        return new AddResult(AddOutcome.Added, entry.Record);
    }

    private TaskEntry NumberLocked(in TaskSubmission submission, TaskEntry[] parents, ClockReading now)
    {
        long sequence = ++_accepted;
        var definition = new TaskDefinition(_ids.Next(sequence, now.Utc), sequence, submission, now);
        (int unfinished, TaskError? failed) = parents.Length == 0 ? (0, null) : DependencyGraph.Stand(parents, submission.Options.OnDependencyFailure);
        LifecycleStatus status = TaskLifecycle.Admit(definition, unfinished, failed, now);
        return new TaskEntry(definition, status, _types.Of(submission.Type), _table.SegmentFor(sequence));
    }

    private bool TryFindParentsLocked(IReadOnlyList<Guid> ids, out TaskEntry[] parents, out IReadOnlyList<Guid> unknown)
    {
        if (ids.Count == 0)
        {
            (parents, unknown) = ([], []);
            return true;
        }

        return TryFindAllLocked(ids, out parents, out unknown);
    }

    private bool TryFindAllLocked(IReadOnlyList<Guid> ids, out TaskEntry[] parents, out IReadOnlyList<Guid> unknown)
    {
        TaskEntry?[] found = [.. ids.Select(_table.Find)];
        unknown = [.. ids.Where((_, index) => found[index] is null)];
        parents = found!;
        return unknown.Count == 0;
    }
}
