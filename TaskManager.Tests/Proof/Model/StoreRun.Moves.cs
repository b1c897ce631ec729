using Microsoft.Extensions.Logging;

namespace TaskManager.Tests.Proof.Model;

internal sealed partial class StoreRun
{
    private async Task MoveAsync(Command command)
    {
        bool fromAttempt = command.Kind is not (CommandKind.Pause or CommandKind.Resume or CommandKind.Cancel or CommandKind.ShutDown);
        if (Pick(command, preferLive: fromAttempt) is not { } task)
        {
            return;
        }

        int attempt = task.Attempt - (command.Choice % 9 == 0 ? 1 : 0);
        Guid token = command.Choice % 9 == 1 ? Guid.NewGuid() : task.Lease?.Token ?? Guid.Empty;
        var worker = new Reporter(attempt, token);
        var engine = new Reporter(attempt, Token: null);
        TimeSpan? retryAfter = command.Amount % 4 == 0 ? null : TimeSpan.FromSeconds(command.Amount % 12);
        TaskError? error = command.Amount % 5 == 0 ? null : new TaskError("broken", "It broke.");
        JsonPayload? checkpoint = command.Amount % 2 == 0 ? null : new JsonPayload(new byte[command.Amount % 30], Value: null);
        object result = command.Amount % 2 == 0 ? new AttemptResult(attempt) : new JsonPayload(new byte[command.Amount % 90], Value: null);
        (LifecycleEvent Change, Func<LifecycleVerdict> Rule) move = command.Kind switch
        {
            CommandKind.Pause => (LifecycleEvent.Pause(), () => ModelRequests.Pause(task)),
            CommandKind.Resume => (LifecycleEvent.Resume(), () => ModelRequests.Resume(task, _model.Now)),
            CommandKind.Cancel => (LifecycleEvent.Cancel(), () => ModelRequests.Cancel(task, _model.Now)),
            CommandKind.ShutDown => (LifecycleEvent.Shutdown(), () => ModelAttempts.ShutDown(task, _model.Now)),
            CommandKind.Checkpoint => (LifecycleEvent.CheckpointReached(attempt, token), () => ModelAttempts.Checkpoint(task, worker)),
            CommandKind.FireTimeout => (LifecycleEvent.TimeoutElapsed(attempt), () => ModelAttempts.FireTimeout(task, engine)),
            CommandKind.Complete => (LifecycleEvent.Complete(attempt, result, token), () => ModelAttempts.Complete(task, worker, result, _model.Now)),
            CommandKind.Fail => (LifecycleEvent.Fail(attempt, error, retryAfter, token), () => ModelAttempts.Fail(task, worker, error?.Code, retryAfter, _model.Now)),
            CommandKind.Abandon => (LifecycleEvent.Abandon(attempt), () => ModelAttempts.Abandon(task, engine, _model.Now)),
            CommandKind.Release => (LifecycleEvent.Release(attempt, checkpoint, token, retryDelay: retryAfter), () => ModelAttempts.Release(task, worker, checkpoint, retryAfter, _model.Now)),
            CommandKind.ExpireLease => (LifecycleEvent.LeaseExpired(attempt, MaxRescues), () => ModelAttempts.ExpireLease(task, engine, MaxRescues, _model.Now)),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command.Kind, "No move."),
        };
        await ApplyAsync(task, move.Change, move.Rule);
    }

    /// <summary>Asks the lifecycle and the model the same, and finds that they say the same.</summary>
    private async Task ApplyAsync(ModelTask task, LifecycleEvent change, Func<LifecycleVerdict> rule)
    {
        TaskRecord record = (await _store.FindAsync(task.Id, CancellationToken.None))!.Value;
        LifecycleMove move = TaskLifecycle.Apply(record, change, _store.Now);
        LifecycleVerdict expected = _model.Change(task, rule);

        Assert.True(expected == move.Verdict, $"{change.Kind} of {task}: it should be {expected}, and is {move.Verdict}.");
        Assert.Equal(expected == LifecycleVerdict.Applied, move.Next is not null);
        if (move.Next is not null)
        {
            Assert.Equal(UpdateOutcome.Updated, await _store.TryUpdateAsync(record, move.Next, CancellationToken.None));
            FollowUp(task);
        }
    }

    private async Task RetryAsync(Command command)
    {
        if (Pick(command, preferLive: false) is not { } task)
        {
            return;
        }

        UpdateOutcome refusal = task.IsFinal ? _model.RefusalOfRetry(task) : UpdateOutcome.Updated;
        if (refusal == UpdateOutcome.Updated)
        {
            await ApplyAsync(task, LifecycleEvent.Retry(), () => ModelRequests.Retry(task, _model.Now));
            return;
        }

        TaskRecord record = (await _store.FindAsync(task.Id, CancellationToken.None))!.Value;
        if (TaskLifecycle.Apply(record, LifecycleEvent.Retry(), _store.Now).Next is { } next)
        {
            Assert.Equal(refusal, await _store.TryUpdateAsync(record, next, CancellationToken.None));
        }
    }

    private async Task UpdateStaleAsync(Command command)
    {
        if (Pick(command, preferLive: false) is not { IsFinal: false } task)
        {
            return;
        }

        TaskRecord seen = (await _store.FindAsync(task.Id, CancellationToken.None))!.Value;
        LifecycleStatus late = TaskLifecycle.Apply(seen, LifecycleEvent.Shutdown(), _store.Now).Next!;
        await ApplyAsync(task, LifecycleEvent.Cancel(), () => ModelRequests.Cancel(task, _model.Now));

        bool isGone = await _store.FindAsync(task.Id, CancellationToken.None) is null;
        UpdateOutcome expected = isGone ? UpdateOutcome.Missing : task.Version == seen.Status.Version ? UpdateOutcome.Updated : UpdateOutcome.Stale;
        if (expected != UpdateOutcome.Updated)
        {
            Assert.Equal(expected, await _store.TryUpdateAsync(seen, late, CancellationToken.None));
        }
    }

    private async Task ClaimAsync(Command command)
    {
        bool isWorker = command.Choice % 3 == 0;
        string name = $"{(isWorker ? "worker" : "slot")} {command.Target % 3}";
        TaskClaim claim = isWorker
            ? new TaskClaim("the worker", name, WorkerTypeSet, TimeSpan.FromMinutes(1))
            : new TaskClaim("the pool", name, PoolTypeSet, Timeout.InfiniteTimeSpan);
        ModelClaimant claimant = isWorker ? _workers : _pool;
        var claimed = new TaskRecord[1 + (command.Amount % 3)];

        ClaimResult result = await _store.ClaimAsync(claim, claimed, CancellationToken.None);

        var taken = new List<ModelTask>();
        foreach (TaskRecord record in claimed.Take(result.Count))
        {
            TaskLease lease = record.Status.Lease!;
            ModelTask? next = _model.Claim(claimant, lease);
            TimeSpan until = isWorker ? _store.Now.Elapsed + claim.LeaseDuration : TimeSpan.MaxValue;
            Assert.Equal((claim.Holder, claim.Worker, until), (lease.Holder, lease.Worker, lease.Until));
            Assert.True(isWorker ? _tokens.Add(lease.Token) : lease.Token == Guid.Empty, "No token is given twice.");
            Assert.True(next?.Id == record.Id, $"Law 8: #{record.Definition.Sequence} was claimed, and it was the turn of {next}.");
            Comparison.AssertSame(next, record, _store.Now);
            taken.Add(next);
        }

        FollowUp([.. taken]);
        Assert.True(result.Count == claimed.Length || _model.Order.Next(claimant, _model.Now.Elapsed) is null, "Law 8: what may run is claimed.");
        TimeSpan[] waits = [.. _model.Order.Ready.Where(task => claimant.MayTake(task.Type) && !_model.IsAtLimit(task.Type)).Select(task => task.Type.UntilRateAllows(_model.Now.Elapsed))];
        Assert.Equal(result.Count > 0 || waits.Length == 0 ? null : waits.Min(), result.RetryAfter);
    }

    /// <summary>Lets an attempt go on where it stands, in the memory of its worker.</summary>
    private async Task GoOnAsync(Command command)
    {
        ModelTask[] resuming = [.. _model.Kept.Where(task => task.IsResumingAtWorker)];
        if (resuming.Length == 0)
        {
            return;
        }

        ModelTask task = resuming[command.Target % resuming.Length];
        TaskLease lease = task.Lease!;
        if (_model.MayGoOn(task.Type))
        {
            await ApplyAsync(task, LifecycleEvent.Claim(lease), () => ModelAttempts.Claim(task, lease, _model.Now));
            return;
        }

        TaskRecord record = (await _store.FindAsync(task.Id, CancellationToken.None))!.Value;
        LifecycleStatus next = TaskLifecycle.Apply(record, LifecycleEvent.Claim(lease), _store.Now).Next!;
        Assert.Equal(UpdateOutcome.TypeAtLimit, await _store.TryUpdateAsync(record, next, CancellationToken.None));
    }

    private async Task QueueDueAsync()
    {
        TimeSpan? untilNext = await _store.QueueDueAsync(CancellationToken.None);

        while (_changes.TryDequeue(out TaskChange change))
        {
            ModelTask task = _model[change.Record.Id];
            Assert.True(_model.Change(task, () => ModelPlaces.Due(task, _model.Now)) == LifecycleVerdict.Applied, $"{task} was queued before its time.");
        }

        ModelTask[] waiting = [.. _model.Kept.Where(task => task.State == TaskState.Scheduled)];
        Assert.All(waiting, task => Assert.False(task.IsDue(_model.Now), $"{task} is due."));
        Assert.Equal(waiting.Length == 0, untilNext is null);
        Assert.All(waiting, task => Assert.True(untilNext <= Until(task), "Whoever sleeps for as long as told misses nothing."));

        TimeSpan Until(ModelTask task)
        {
            TimeSpan steady = task.DueAt is { } dueAt ? dueAt - _model.Now.Elapsed : TimeSpan.MinValue;
            TimeSpan wall = task.Options.RunAt is { } runAt ? runAt - _model.Now.Utc : TimeSpan.MinValue;
            return steady > wall ? steady : wall;
        }
    }

    private async Task SweepAsync()
    {
        int before = _model.Kept.Count;
        int removed = await _store.RemoveExpiredAsync(CancellationToken.None);
        int kept = 0;
        foreach (ModelTask task in _model.Kept)
        {
            kept += await _store.FindAsync(task.Id, CancellationToken.None) is null ? 0 : 1;
        }

        Assert.True(removed >= before - kept, "What a sweep removes it counts.");
    }

    private async Task RemoveAsync(Command command)
    {
        Guid id = command.Choice % 10 == 0 ? _model.Gone.FirstOrDefault() : Pick(command, preferLive: false)?.Id ?? Guid.NewGuid();
        ModelTask? task = _model.Kept.SingleOrDefault(kept => kept.Id == id);
        RemoveOutcome expected = task is null ? RemoveOutcome.Missing
            : _model.IsNeeded(task) ? RemoveOutcome.HasDependants
            : task.IsFinal ? RemoveOutcome.Removed
            : RemoveOutcome.Unfinished;

        Assert.Equal(expected, await _store.RemoveAsync(id, CancellationToken.None));
        if (expected is RemoveOutcome.Removed or RemoveOutcome.Unfinished)
        {
            task!.Unwanted = true;
        }
    }

    private async Task ReportAsync(Command command)
    {
        if (Pick(command, preferLive: true) is not { } task)
        {
            return;
        }

        int attempt = task.Attempt - (command.Choice % 5 == 0 ? 1 : 0);
        bool expected = task.HasLiveAttempt && attempt == task.Attempt;
        Assert.Equal(expected, await _store.ReportProgressAsync(task.Id, attempt, new TaskProgress(command.Amount, 1_000), CancellationToken.None));
        if (expected)
        {
            task.ProgressStep = command.Amount;
            task.ProgressCount++;
        }
    }

    private async Task LogAsync(Command command)
    {
        if (Pick(command, preferLive: true) is not { } task)
        {
            return;
        }

        int attempt = task.Attempt - (command.Choice % 5 == 0 ? 1 : 0);
        bool expected = task.HasLiveAttempt && attempt == task.Attempt;
        string line = new('x', command.Amount % 20);
        Assert.Equal(expected, await _store.AppendLogAsync(task.Id, attempt, LogLevel.Information, line, CancellationToken.None));
        if (expected)
        {
            task.Log.Add(line);
        }

        TaskLogPage page = (await _store.ReadLogAsync(task.Id, after: 0, LogLevel.Trace, limit: 100, CancellationToken.None))!;
        Assert.Equal(task.Log.TakeLast(Options.MaxLogEntries), page.Items.Select(entry => entry.Message));
        Assert.Equal(Math.Max(0, task.Log.Count - Options.MaxLogEntries), page.Dropped);
    }

    private async Task PageAsync(Command command)
    {
        TaskState[] states = command.Choice % 3 == 0 ? [] : [.. TaskStates.All.Where(state => ((command.Choice >> (int)state) & 1) == 1)];
        IEnumerable<long> expected = _model.Kept.Reverse().Where(task => states.Length == 0 || states.Contains(task.State)).Select(task => task.Sequence);
        var listed = new List<long>();
        var query = new TaskQuery { States = states, Limit = 1 + (command.Amount % 5) };
        while (true)
        {
            TaskPage page = await _store.ListAsync(query, CancellationToken.None);
            Assert.True(page.Items.Count <= query.Limit, "A page is no longer than its limit.");
            listed.AddRange(page.Items.Select(record => record.Definition.Sequence));
            if (page.Next is not { } next)
            {
                break;
            }

            query = query with { Before = next };
        }

        Assert.Equal(expected, listed);
    }

    private ModelTask? Pick(Command command, bool preferLive)
    {
        ModelTask[] live = preferLive && command.Choice % 6 != 5 ? [.. _model.Kept.Where(task => task.HasLiveAttempt)] : [];
        return live.Length > 0 ? live[command.Target % live.Length]
            : _model.Kept.Count > 0 ? _model.Kept[command.Target % _model.Kept.Count]
            : null;
    }
}
