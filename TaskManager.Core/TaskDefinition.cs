namespace TaskManager;

/// <summary>What was asked, once and for all: the half of a <see cref="TaskRecord"/> that never changes.</summary>
public sealed class TaskDefinition
{
    private readonly long _createdUtcTicks;
    private readonly long _createdElapsedTicks;

    /// <summary>Initializes a new instance of the <see cref="TaskDefinition"/> class. Stores make it when they number the task.</summary>
    /// <param name="id">A version-7 UUID that grows with the sequence.</param>
    /// <param name="sequence">The place in the order of admission, counted from 1.</param>
    /// <param name="submission">What was asked.</param>
    /// <param name="created">When it was admitted.</param>
    public TaskDefinition(Guid id, long sequence, in TaskSubmission submission, ClockReading created)
    {
        Id = id;
        Sequence = sequence;
        Type = submission.Type;
        Parameters = submission.Parameters;
        Options = submission.Options;
        TraceParent = submission.TraceParent;
        _createdUtcTicks = created.Utc.UtcTicks;
        _createdElapsedTicks = created.Elapsed.Ticks;
    }

    /// <summary>Gets the id: a version-7 UUID, ordered by the time of admission.</summary>
    public Guid Id { get; }

    /// <summary>Gets the place in the order of admission, counted from 1 and kept for good.</summary>
    public long Sequence { get; }

    /// <summary>Gets the type: who handles the task, and by which rules.</summary>
    public TaskType Type { get; }

    /// <summary>Gets the parameters: the value itself, or a <see cref="JsonPayload"/> when they came over the wire.</summary>
    public object? Parameters { get; }

    /// <summary>Gets what was asked besides.</summary>
    public SubmitOptions Options { get; }

    /// <summary>Gets the W3C trace context (<c>traceparent</c>) of whoever submitted the task; <see langword="null"/> when nobody traced.</summary>
    public string? TraceParent { get; }

    /// <summary>Gets when the task was admitted.</summary>
    public ClockReading Created => new(new DateTimeOffset(_createdUtcTicks, TimeSpan.Zero), new TimeSpan(_createdElapsedTicks));

    /// <summary>Gets the longest time that one attempt may run.</summary>
    public TimeSpan Timeout => Options.Timeout ?? Type.Timeout;

    /// <summary>Gets how many attempts may fail or time out before the task does.</summary>
    public int MaxAttempts => Options.MaxAttempts ?? Type.MaxAttempts;
}
