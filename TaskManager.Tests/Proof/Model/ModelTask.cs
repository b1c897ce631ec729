namespace TaskManager.Tests.Proof.Model;

/// <summary>A task as the naive model keeps it: plain and mutable.</summary>
internal sealed class ModelTask
{
    public required Guid Id { get; init; }

    public required long Sequence { get; init; }

    public required ModelType Type { get; init; }

    public required SubmitOptions Options { get; init; }

    public required IReadOnlyList<ModelTask> Parents { get; init; }

    public required DateTimeOffset Created { get; init; }

    public string? ParametersDigest { get; init; }

    public TaskState State { get; set; }

    /// <summary>Gets or sets a value indicating whether an attempt stands at a checkpoint: paused is then suspended, and queued is resuming.</summary>
    public bool Suspended { get; set; }

    public bool CancelRequested { get; set; }

    public bool PauseRequested { get; set; }

    public bool TimeoutFired { get; set; }

    public int Version { get; set; } = 1;

    public int Failures { get; set; }

    public int Rescues { get; set; }

    public int Retries { get; set; }

    public DateTimeOffset? Started { get; set; }

    public DateTimeOffset? Finished { get; set; }

    public TimeSpan? DueAt { get; set; }

    /// <summary>Gets what <see cref="DueAt"/> was at admission, before any back-off.</summary>
    public TimeSpan? DueAtAdmission { get; init; }

    /// <summary>Gets or sets what was asked last of those things that may be asked again without harm.</summary>
    public ReopeningRequest Reopened { get; set; }

    public TaskLease? Lease { get; set; }

    public List<ModelAttempt> Attempts { get; } = [];

    public object? Result { get; set; }

    public string? ErrorCode { get; set; }

    public JsonPayload? Checkpoint { get; set; }

    public double? ProgressStep { get; set; }

    public long ProgressCount { get; set; }

    public List<string> Log { get; } = [];

    public long LogLines { get; set; }

    public TimeSpan Waited { get; set; }

    public TimeSpan Ran { get; set; }

    /// <summary>Gets the parents whose end the task has yet to be told of.</summary>
    public HashSet<ModelTask> Awaits { get; } = [];

    public bool Unwanted { get; set; }

    /// <summary>Gets or sets the number of the end among the ends of all tasks.</summary>
    public long EndNumber { get; set; }

    /// <summary>Gets or sets a value indicating whether the task holds a slot of the pool.</summary>
    public bool HoldsSlot { get; set; }

    public int Attempt => Attempts.Count;

    public bool IsFinal => State is TaskState.Completed or TaskState.Failed or TaskState.TimedOut or TaskState.Cancelled;

    public bool HasLiveAttempt => State == TaskState.Processing || Suspended;

    public ModelAttempt Live => Attempts[^1];

    public string FairnessKey => Options.FairnessKey ?? string.Empty;

    public bool IsDue(ClockReading now) => (DueAt is null || DueAt <= now.Elapsed) && (Options.RunAt is null || Options.RunAt <= now.Utc);

    /// <summary>Gets a value indicating whether a claim may take it; what stands in a worker's memory goes on there without one.</summary>
    public bool IsClaimable => State == TaskState.Queued && !IsResumingAtWorker;

    public bool IsResumingAtWorker => State == TaskState.Queued && Suspended && Lease!.Token != Guid.Empty;

    public override string ToString() => $"#{Sequence} {Type.Name} {State}{(Suspended ? " (suspended)" : string.Empty)}{(HoldsSlot ? $" in {Lease!.Worker}" : string.Empty)}";
}

internal sealed class ModelAttempt
{
    public required string Worker { get; set; }

    public required DateTimeOffset Started { get; init; }

    public DateTimeOffset? Finished { get; set; }

    public AttemptOutcome Outcome { get; set; }

    public string? ErrorCode { get; set; }
}

/// <summary>A task type as the model knows it.</summary>
internal sealed record ModelType(TaskType Type)
{
    /// <summary>Gets the steady moments of all starts.</summary>
    public List<TimeSpan> Starts { get; } = [];

    public string Name => Type.Name;

    /// <summary>Says how long it is until the rate lets another one start.</summary>
    public TimeSpan UntilRateAllows(TimeSpan now)
    {
        if (Type.Rate is not { } rate || Starts.Count < rate.Count)
        {
            return TimeSpan.Zero;
        }

        TimeSpan wait = Starts[^rate.Count] + rate.Per - now;
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }
}
