using TaskManager.Tests.Core.Engine;

namespace TaskManager.Tests.Proof.Model;

internal sealed partial class EngineRun
{
    private ITaskManager Tasks => _fixture.Tasks;

    private Task DoAsync(Command command) => command.Kind switch
    {
        CommandKind.Submit => SubmitAsync(command),
        CommandKind.Pause => AskAsync(command, task => ModelRequests.Pause(task), id => Tasks.PauseAsync(id)),
        CommandKind.Resume => AskAsync(command, task => ModelRequests.Resume(task, _model.Now), id => Tasks.ResumeAsync(id)),
        CommandKind.Cancel => AskAsync(command, task => ModelRequests.Cancel(task, _model.Now), id => Tasks.CancelAsync(id)),
        CommandKind.Retry => RetryAsync(command),
        CommandKind.Remove => RemoveAsync(command),
        CommandKind.Advance => AdvanceAsync(1 + (command.Amount % 5)),
        CommandKind.JumpWall => JumpWall(TimeSpan.FromSeconds(command.Amount - 500)),
        CommandKind.Scale => Now(() => _fixture.Pool.Scale(_slots = command.Amount % 5)),
        CommandKind.StopOrStartPool => Now(StopOrStartPool),
        CommandKind.ComeBack => Now(ComeBack),
        _ => Now(() => Tell(command)),
    };

    private static Task Now(Action act)
    {
        act();
        return Task.CompletedTask;
    }

    private async Task SubmitAsync(Command command)
    {
        (int target, int choice, int amount) = (command.Target, command.Choice, command.Amount);
        var asked = new SubmitOptions
        {
            Priority = (TaskPriority)(amount % 4),
            FairnessKey = (choice % 4) switch { 0 => "a", 1 => "b", _ => null },
            Delay = choice % 5 == 1 ? TimeSpan.FromSeconds(1 + (amount % 9)) : TimeSpan.Zero,
            RunAt = choice % 5 == 2 ? _fixture.Clock.GetUtcNow() + TimeSpan.FromSeconds((amount % 20) - 5) : null,
            MaxAttempts = amount % 3 == 0 ? 1 + (amount % 4) : null,
            Timeout = amount % 2 == 0 ? TimeSpan.FromSeconds(1 + (choice % 6)) : null,
            UniqueKey = target % 7 == 0 ? $"unique {choice % 2}" : null,
            OnDependencyFailure = (DependencyFailurePolicy)(amount % 2),
            DependsOn = target % 4 != 0 ? [] : [.. Enumerable.Range(0, 1 + (amount % 2))
                .Where(_ => _model.Kept.Count > 0)
                .Select(i => _model.Kept[^(1 + ((choice + i) % Math.Min(6, _model.Kept.Count)))].Id)
                .Distinct()],
        };
        TaskType type = Tasks.Types.All[target % Tasks.Types.All.Count];
        object parameters = type.Name == EngineFixture.TypeName ? new Work("x") : new Narrow("x");
        var submission = new TaskSubmission(type, parameters, asked);
        (AddOutcome expected, ModelTask? answering) = _model.Answer(submission);

        SubmitResult result = await Tasks.TrySubmitAsync(new TaskRequest(type.Name, parameters, asked));

        switch (result)
        {
            case SubmitResult.Accepted { Outcome: AddOutcome.Added } added:
                Assert.Equal(expected, added.Outcome);
                _asked.Enqueue(_model.Admit(submission, added.Task.Id, added.Task.Definition.Sequence));
                _witnesses.WaitFor(added.Task.Id);
                break;
            case SubmitResult.Accepted other:
                Assert.Equal((expected, answering?.Id), (other.Outcome, other.Task.Id));
                break;
            default:
                Assert.Equal(expected, Assert.IsType<SubmitResult.QueueFull>(result) is not null ? AddOutcome.Full : AddOutcome.Added);
                break;
        }
    }

    private async Task AskAsync(Command command, Func<ModelTask, LifecycleVerdict> rule, Func<Guid, ValueTask<TaskMove>> ask)
    {
        if (Pick(command) is not { } task)
        {
            return;
        }

        LifecycleVerdict verdict = _model.Change(task, () => rule(task));
        if (verdict == LifecycleVerdict.Applied)
        {
            _asked.Enqueue(task);
        }

        TaskMove move = await ask(task.Id);

        MoveOutcome expected = verdict switch
        {
            LifecycleVerdict.Applied => MoveOutcome.Applied,
            LifecycleVerdict.Repeated => MoveOutcome.Repeated,
            _ => MoveOutcome.Refused,
        };
        Assert.Equal(expected, move.Outcome);
        Comparison.AssertSame(task, move.Record, _model.Now); // the answer agrees with what became of it
    }

    private async Task RetryAsync(Command command)
    {
        if (Pick(command) is not { } task)
        {
            return;
        }

        UpdateOutcome refusal = task.State is TaskState.Failed or TaskState.TimedOut or TaskState.Cancelled ? _model.RefusalOfRetry(task) : UpdateOutcome.Updated;
        if (refusal == UpdateOutcome.Updated)
        {
            await AskAsync(command, retried => ModelRequests.Retry(retried, _model.Now), id => Tasks.RetryAsync(id));
            return;
        }

        MoveOutcome expected = refusal switch
        {
            UpdateOutcome.Full => MoveOutcome.Full,
            UpdateOutcome.UniqueKeyTaken => MoveOutcome.UniqueKeyTaken,
            _ => MoveOutcome.ParentNotCompleted,
        };
        Assert.Equal(expected, (await Tasks.RetryAsync(task.Id)).Outcome);
    }

    private async Task RemoveAsync(Command command)
    {
        if (Pick(command) is not { } task)
        {
            return;
        }

        RemoveOutcome expected = _model.IsNeeded(task) ? RemoveOutcome.HasDependants : task.IsFinal ? RemoveOutcome.Removed : RemoveOutcome.Unfinished;
        task.Unwanted |= expected != RemoveOutcome.HasDependants;
        if (expected == RemoveOutcome.Unfinished && _model.Change(task, () => ModelRequests.Cancel(task, _model.Now)) == LifecycleVerdict.Applied)
        {
            _asked.Enqueue(task);
        }

        Assert.Equal(expected, await Tasks.RemoveAsync(task.Id));
    }

    private async Task AdvanceAsync(int seconds)
    {
        for (int second = 0; second < seconds; second++)
        {
            _fixture.Clock.Advance(Second);
            await SettleAsync(mustBeDue: true);
        }
    }

    private Task JumpWall(TimeSpan delta)
    {
        _fixture.Clock.JumpWall(delta);
        _model.MoveTo(_store.Now);
        return Task.CompletedTask;
    }

    private void StopOrStartPool()
    {
        _isClaiming = !_isClaiming;
        if (_isClaiming)
        {
            _fixture.Pool.Start();
        }
        else
        {
            _fixture.Pool.Stop();
        }
    }

    /// <summary>An abandoned handler ends at last; nobody listens to what it has to say.</summary>
    private void ComeBack()
    {
        if (_abandoned.FirstOrDefault() is { } attempt)
        {
            _abandoned.Remove(attempt);
            attempt.Tell(new Instruction.Complete());
        }
    }

    /// <summary>Tells the handler of a running attempt what to do next.</summary>
    private void Tell(Command command)
    {
        ModelTask[] running = [.. _model.Kept.Where(task => task.State == TaskState.Processing)];
        if (running.Length == 0)
        {
            return;
        }

        ModelTask task = running[command.Target % running.Length];
        StagedAttempt attempt = _stage.Find(task.Id, task.Attempt)!;
        var reporter = new Reporter(task.Attempt, Guid.Empty);
        TimeSpan? retryAfter = command.Amount % 3 == 0 ? null : TimeSpan.FromSeconds(command.Amount % 6);
        LifecycleVerdict? verdict = command.Kind switch
        {
            CommandKind.Complete => _model.Change(task, () => ModelAttempts.Complete(task, reporter, $"attempt {task.Attempt}", _model.Now)),
            CommandKind.Fail => _model.Change(task, () => ModelAttempts.Fail(task, reporter, "broken", retryAfter, _model.Now)),
            CommandKind.Checkpoint when Parked < MaxSuspended => _model.Change(task, () => ModelAttempts.Checkpoint(task, reporter)),
            CommandKind.HonourToken when task.CancelRequested => _model.Change(task, () => ModelAttempts.Fail(task, reporter, errorCode: null, retryAfter: null, _model.Now)),
            _ => null,
        };
        if (verdict == LifecycleVerdict.Applied)
        {
            _asked.Enqueue(task);
        }

        if (command.Kind == CommandKind.Progress)
        {
            task.ProgressStep = command.Amount;
            task.ProgressCount++;
        }

        if (command.Kind != CommandKind.HonourToken || task.CancelRequested)
        {
            attempt.Tell(InstructionOf(command, retryAfter));
        }
    }

    private static Instruction InstructionOf(Command command, TimeSpan? retryAfter) => command.Kind switch
    {
        CommandKind.Complete => new Instruction.Complete(),
        CommandKind.Fail => new Instruction.Fail(retryAfter),
        CommandKind.HonourToken => new Instruction.HonourToken(),
        CommandKind.Progress => new Instruction.Report(command.Amount),
        CommandKind.Checkpoint => new Instruction.Checkpoint(),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command.Kind, "No instruction."),
    };

    private ModelTask? Pick(Command command) => _model.Kept.Count > 0 ? _model.Kept[command.Target % _model.Kept.Count] : null;
}
