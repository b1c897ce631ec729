using System.Diagnostics;

namespace TaskManager.Diagnostics;

/// <summary>
/// The spans of the library, under the source <see cref="SourceName"/>: one for each submission, one for each attempt in this process, linked to its submission. A worker outside gets
/// the submission's context, to begin its own span with.
/// </summary>
internal sealed class TaskTracing : IDisposable
{
    public const string SourceName = "TaskManager";

    private readonly ActivitySource _source = new(SourceName);

    public bool HasListeners => _source.HasListeners();

    /// <summary>Begins the span of a submission; <see langword="null"/> when nobody wants it.</summary>
    public Activity? Submit(TaskType type)
    {
        Activity? outer = Activity.Current;
        try
        {
            return _source.CreateActivity($"submit {type.Name}", ActivityKind.Producer)?.SetTag("taskmanager.task.type", type.Name).Start();
        }
        catch (Exception) // a listener may throw anything; the submission, which may be made once only, is made without a span then
        {
            Activity.Current = outer;
            return null;
        }
    }

    /// <summary>Gets the context that a task's attempts are linked to: that of the submission's span, or one that came from outside.</summary>
    public static string? ContextOf(Activity? submission)
    {
        Activity? current = submission ?? Activity.Current;
        return current is { IdFormat: ActivityIdFormat.W3C } && (current.Recorded || current.ParentId is not null) ? current.Id : null;
    }

    /// <summary>Begins the span of an attempt; <see langword="null"/> when nobody listens.</summary>
    public Activity? Run(TaskDefinition task, int attempt)
    {
        if (!_source.HasListeners())
        {
            return null;
        }

        Activity? outer = Activity.Current;
        try
        {
            return Begin(task, attempt);
        }
        catch (Exception) // as above
        {
            Activity.Current = outer;
            return null;
        }
    }

    /// <summary>Notes in an attempt's span how it ended.</summary>
    public static void Ended(Activity? attempt, in TaskRecord record)
    {
        if (attempt is null || record.Attempts() is not [.., { } last])
        {
            return;
        }

        attempt.SetTag("taskmanager.attempt.outcome", last.OutcomeName);
        if (last.Error is { } error)
        {
            attempt.SetTag("error.type", error.Code).SetStatus(ActivityStatusCode.Error, error.Message);
        }
    }

    /// <summary>Ends a span.</summary>
    public static void Stop(Activity? span)
    {
        try
        {
            span?.Dispose();
        }
        catch (Exception) // as above
        {
        }
    }

    public void Dispose() => _source.Dispose();

    private Activity? Begin(TaskDefinition task, int attempt)
    {
        // A link, not a parent: the submission's span has long ended when a task runs an hour later, or for the third time.
        ActivityLink[] links = ActivityContext.TryParse(task.TraceParent, traceState: null, isRemote: false, out ActivityContext submission) ? [new(submission)] : [];
        return _source.StartActivity(
            ActivityKind.Consumer,
            parentContext: default,
            [
                new("taskmanager.task.type", task.Type.Name),
                new("taskmanager.task.id", task.Id),
                new("taskmanager.attempt", attempt),
            ],
            links,
            name: $"run {task.Type.Name}");
    }
}
