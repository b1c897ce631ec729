namespace TaskManager.Tests.Proof.Model;

internal sealed partial class StoreRun
{
    private async Task SubmitAsync(Command command)
    {
        TaskSubmission submission = SubmissionOf(command);
        (AddOutcome outcome, ModelTask? task) = _model.Answer(submission);

        AddResult result = await _store.AddAsync(submission, CancellationToken.None);

        Take(submission, outcome, task, result);
    }

    private async Task SubmitManyAsync(Command command)
    {
        bool atomic = command.Choice % 2 == 0;
        TaskSubmission[] submissions = [.. Enumerable.Range(0, 2 + (command.Amount % 4)).Select(i => SubmissionOf(command with
        {
            Target = command.Target + (i * (command.Choice % 3 == 0 ? 42 : 31)), // 42: with keys of the same kind
            Choice = command.Choice + (i * (command.Choice % 3 == 0 ? 9 : 17)),
            Amount = command.Amount + (i * 13),
        }))];
        if (!atomic)
        {
            // One after the other, an end at birth may push out what the next one names, and nobody sees that from outside.
            submissions = [.. submissions.Select(submission => submission with { Options = submission.Options with { DependsOn = [] } })];
        }

        IReadOnlyList<AddResult> results = await _store.AddManyAsync(submissions, atomic, CancellationToken.None);

        Assert.Equal(submissions.Length, results.Count);
        bool isRefused = atomic && results.Any(result => !result.HasRecord);
        for (int i = 0; i < submissions.Length; i++)
        {
            if (isRefused)
            {
                Assert.False(results[i].HasRecord, "Of an atomic batch all are admitted or none.");
            }
            else
            {
                (AddOutcome outcome, ModelTask? task) = _model.Answer(submissions[i]);
                Take(submissions[i], outcome, task, results[i]);
            }
        }
    }

    private void Take(TaskSubmission submission, AddOutcome expected, ModelTask? answering, AddResult result)
    {
        Assert.Equal(expected, result.Outcome);
        Assert.Equal(result.HasRecord, result.Record.Definition is not null);
        if (expected == AddOutcome.Added)
        {
            Assert.DoesNotContain(result.Record.Id, _model.Gone);
            ModelTask task = _model.Admit(submission, result.Record.Id, result.Record.Definition!.Sequence);
            Assert.Equal(_model.Accepted, task.Sequence);
            _model.Keys.Answered(submission, task);
            Comparison.AssertSame(task, result.Record, _store.Now);
            Assert.True(_changes.TryDequeue(out TaskChange change), "An admission is told.");
            Assert.Equal(task.Id, change.Record.Id);
        }
        else if (answering is not null)
        {
            Assert.Equal(answering.Id, result.Record.Id);
            _model.Keys.Answered(submission, answering);
            Comparison.AssertSame(answering, result.Record, _store.Now);
        }
    }

    private TaskSubmission SubmissionOf(Command command)
    {
        (int target, int choice, int amount) = (command.Target, command.Choice, command.Amount);
        TaskType type = Registry.All[target % Registry.All.Count];
        byte[] bytes = new byte[amount % 50];
        bool reuses = choice % 11 == 0;
        var asked = new SubmitOptions
        {
            Priority = (TaskPriority)(amount % 4),
            FairnessKey = (choice % 5) switch { 0 => "a", 1 => "b", 2 => "c", _ => null },
            Delay = choice % 4 == 1 ? TimeSpan.FromSeconds(1 + (amount % 15)) : TimeSpan.Zero,
            RunAt = choice % 4 == 2 ? _clock.GetUtcNow() + TimeSpan.FromSeconds((amount % 60) - 20) : null,
            MaxAttempts = amount % 3 == 0 ? 1 + (amount % 4) : null,
            DependsOn = ParentsOf(command),
            OnDependencyFailure = (DependencyFailurePolicy)(amount % 2),
            UniqueKey = target % 7 == 0 ? $"unique {choice % 2}" : null,
            IdempotencyKey = target % 6 == 1 ? $"key {choice % 9}" : null,
            ReuseResultFor = reuses ? TimeSpan.FromSeconds(1 + (amount % 60)) : null,
        };
        byte[] fingerprint = asked.IdempotencyKey is null ? [] : [(byte)(amount % 2)];
        return new TaskSubmission(type, new JsonPayload(bytes, Value: null), asked, fingerprint, reuses ? $"digest {amount % 2}" : null);
    }

    private List<Guid> ParentsOf(Command command)
    {
        if (command.Target % 3 != 0)
        {
            return [];
        }

        List<Guid> parents = [.. Enumerable.Range(0, 1 + (command.Amount % 3))
            .Select(i => command.Choice + (i * 7))
            .Where(_ => _model.Kept.Count > 0)
            .Select(i => _model.Kept[^(1 + (i % Math.Min(8, _model.Kept.Count)))].Id)
            .Distinct()];
        if (command.Choice % 40 == 3)
        {
            parents.Add(_model.Gone.FirstOrDefault());
        }

        return parents;
    }
}
