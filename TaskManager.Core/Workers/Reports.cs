using Microsoft.Extensions.Logging;
using TaskManager.Diagnostics;
using TaskManager.Execution;
using TaskManager.Signals;

namespace TaskManager.Workers;

/// <summary>What workers report of the tasks that they hold. Whoever holds one no more changes nothing: the report is answered so, counted, and kept as evidence.</summary>
internal sealed class Reports(WorkerDirectory directory, HeldLeases held, ITaskStore store, Transitions transitions, EventLog events, TaskManagerMetrics metrics, ILogger log)
{
    private long _late;

    /// <summary>Gets how many reports came too late.</summary>
    public long Late => Interlocked.Read(ref _late);

    public ValueTask<TaskMove> CompleteAsync(Guid taskId, LeaseProof proof, JsonPayload result, CancellationToken cancellationToken) => EndAsync(
        taskId, proof, "complete", (record, report) => LifecycleEvent.Complete(proof.Attempt ?? record.Status.Attempt, result, proof.Token, report), cancellationToken);

    public ValueTask<TaskMove> FailAsync(Guid taskId, LeaseProof proof, TaskError error, bool isRetryable, TimeSpan? retryAfter, CancellationToken cancellationToken) => EndAsync(
        taskId,
        proof,
        "fail",
        (record, report) => LifecycleEvent.Fail(
            proof.Attempt ?? record.Status.Attempt, error with { Message = TaskError.Clean(error.Message) }, isRetryable ? retryAfter ?? AttemptReport.Backoff(record) : null, proof.Token, report),
        cancellationToken);

    public ValueTask<TaskMove> ReleaseAsync(Guid taskId, LeaseProof proof, JsonPayload? checkpoint, CancellationToken cancellationToken) => EndAsync(
        taskId, proof, "release", (record, report) => LifecycleEvent.Release(proof.Attempt ?? record.Status.Attempt, checkpoint, proof.Token, report, AttemptReport.Backoff(record)), cancellationToken);

    public async ValueTask<TaskMove> ReportProgressAsync(Guid taskId, LeaseProof proof, TaskProgress progress, CancellationToken cancellationToken)
    {
        TaskMove holding = await HoldingAsync(taskId, proof, "progress", cancellationToken).ConfigureAwait(false);
        if (holding.Outcome == MoveOutcome.Applied)
        {
            await TakeProgressAsync(new LeaseKey(taskId, proof.Token), holding.Record.Status.Attempt, progress, cancellationToken).ConfigureAwait(false);
        }

        return holding;
    }

    /// <summary>Keeps the progress of a lease that was found alive.</summary>
    public async ValueTask TakeProgressAsync(LeaseKey lease, int attempt, TaskProgress progress, CancellationToken cancellationToken)
    {
        TaskProgress bounded = progress with { Message = progress.Message is null ? null : BoundedText.Of(progress.Message) };
        if (await store.ReportProgressAsync(lease.TaskId, attempt, bounded, cancellationToken).ConfigureAwait(false) && held.Find(lease) is { } live)
        {
            held.Report(live, bounded);
        }
    }

    public async ValueTask<TaskMove> AppendLogAsync(Guid taskId, LeaseProof proof, IReadOnlyList<(LogLevel Level, string Message)> lines, CancellationToken cancellationToken)
    {
        TaskMove holding = await HoldingAsync(taskId, proof, "logs", cancellationToken).ConfigureAwait(false);
        if (holding.Outcome != MoveOutcome.Applied)
        {
            return holding;
        }

        HeldLease? lease = held.Find(new LeaseKey(taskId, proof.Token));
        foreach ((LogLevel level, string text) in lines)
        {
            string message = BoundedText.Of(text);
            bool isKept = await store.AppendLogAsync(taskId, holding.Record.Status.Attempt, level, message, cancellationToken).ConfigureAwait(false);
            if (isKept && lease?.MayTellLine(store.Now.Elapsed) == true)
            {
                events.AppendLog(holding.Record.Definition, level, message, store.Now.Utc);
            }
        }

        return holding;
    }

    private async ValueTask<TaskMove> EndAsync(
        Guid taskId, LeaseProof proof, string report, Func<TaskRecord, string, LifecycleEvent> end, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(taskId, cancellationToken).ConfigureAwait(false) is not { } record)
        {
            return new TaskMove(MoveOutcome.NotFound, default);
        }

        if (proof.Token == Guid.Empty)
        {
            return await LateAsync(record, proof, report, cancellationToken).ConfigureAwait(false); // what runs in this process has no token, and is nobody else's to report for
        }

        See(record, proof);
        string fingerprint = proof.Fingerprint is { Length: > 0 } bytes ? $"{report} {bytes}" : string.Empty; // the same bytes may say something else in another report
        TaskMove move = await transitions.ApplyAsync(record, end(record, fingerprint), cancellationToken).ConfigureAwait(false);
        if (move.Outcome == MoveOutcome.Applied)
        {
            metrics.AttemptEnded(move.Record);
        }

        return move.Outcome == MoveOutcome.LeaseLost ? await LateAsync(move.Record, proof, report, cancellationToken).ConfigureAwait(false) : move;
    }

    /// <summary>Finds a task that the reporter holds.</summary>
    /// <returns>Applied when it does.</returns>
    private async ValueTask<TaskMove> HoldingAsync(Guid taskId, LeaseProof proof, string report, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(taskId, cancellationToken).ConfigureAwait(false) is not { } record)
        {
            return new TaskMove(MoveOutcome.NotFound, default);
        }

        See(record, proof);
        LifecycleStatus status = record.Status;
        return status.IsLeased && status.Lease!.Token == proof.Token && (proof.Attempt ?? status.Attempt) == status.Attempt
            ? new TaskMove(MoveOutcome.Applied, record)
            : await LateAsync(record, proof, report, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Every call is a sign of life, also one that comes too late.</summary>
    private void See(in TaskRecord record, LeaseProof proof)
    {
        if (record.FindLease(proof.Token) is { } lease)
        {
            directory.FindHolder(lease.Holder)?.See(store.Now);
        }
    }

    private async ValueTask<TaskMove> LateAsync(TaskRecord record, LeaseProof proof, string report, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _late);
        await store.NoteLateReportAsync(new LeaseKey(record.Id, proof.Token), new LateReport(store.Now.Utc, report), cancellationToken).ConfigureAwait(false);
        Log.LateWorkerReport(log, report, record.Id, record.Definition.Type.Name, record.State.WireName());
        return new TaskMove(MoveOutcome.LeaseLost, record);
    }
}
