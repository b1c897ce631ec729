using System.Globalization;

namespace TaskManager.AspNetCore.Answers;

/// <summary>Every error that the surface answers with.</summary>
internal static class Problems
{
    private const int FullRetryAfterSeconds = 1;

    public static Problem Malformed(string detail) => new(400, "malformed-json", "The body is not valid JSON.", detail);

    public static Problem Invalid(IReadOnlyDictionary<string, IReadOnlyList<string>> errors) => new(
        400, "invalid-request", "The request is not valid.", string.Join(' ', errors.SelectMany(field => field.Value, (field, message) => $"{field.Key} {message}").Take(10)))
    {
        Errors = errors,
    };

    public static Problem UnknownTaskType(SubmitResult.UnknownType unknown, TaskTypeRegistry types) => new(
        400,
        "unknown-task-type",
        "There is no such task type.",
        $"The task type \"{ValidationFaults.Show(unknown.TaskType)}\" is unknown.{(unknown.Nearest is null ? string.Empty : $" Did you mean \"{unknown.Nearest}\"?")}")
    {
        Errors = unknown.Errors,
        KnownTaskTypes = [.. types.All.Take(100).Select(type => type.Name)],
    };

    public static Problem TaskNotFound(Guid id) => new(404, "task-not-found", "There is no such task.", $"There is no task {id}, or none any more.");

    public static Problem TaskRemoved(Guid id) => new(410, "task-removed", "The task was removed.", $"The task {id} was removed on request.");

    public static Problem TaskTypeNotFound(string name) => new(404, "task-type-not-found", "There is no such task type.", $"The task type \"{ValidationFaults.Show(name)}\" is unknown.");

    public static Problem NotAcceptable(string offered) => new(
        406, "not-acceptable", "The answer cannot be given in an accepted form.", $"The Accept header admits none of {offered}.");

    public static Problem BadRequest(int status, string detail) => new(status, status == 413 ? "too-large" : "bad-request", "The request cannot be read.", detail);

    public static Problem WebSocketWanted() => new(400, "websocket-wanted", "This endpoint speaks WebSocket.", "Send the request as an upgrade to a WebSocket (RFC 6455).");

    public static Problem CrossSite(string origin) => new(
        403, "cross-site-request", "A page of another site may not change tasks.", $"The request comes from \"{ValidationFaults.Show(origin)}\", which is not allowed.");

    public static Problem TooLarge(long maxBytes) => new(
        413, "too-large", "The body is too large.", string.Create(CultureInfo.InvariantCulture, $"The body must have at most {maxBytes} bytes."));

    public static Problem ResultTooLarge(long maxBytes) => new(
        413, "result-too-large", "The result is too large.", string.Create(CultureInfo.InvariantCulture, $"The result must have at most {maxBytes} bytes of JSON."));

    public static Problem UnsupportedMediaType(string? given, string wanted) => new(
        415, "unsupported-media-type", "The body is in a form that is not understood.", $"The Content-Type is \"{ValidationFaults.Show(given ?? string.Empty)}\"; it must be {wanted}.");

    public static Problem KeyReused() => new(
        422, "idempotency-key-reused", "The idempotency key belongs to another request.", "A different request was accepted under this Idempotency-Key; use a new one.");

    public static Problem RateLimited(in RateLimitDecision decision, TimeSpan window) => new(
        429,
        "rate-limited",
        "Too many requests.",
        string.Create(CultureInfo.InvariantCulture, $"At most {decision.Limit} requests pass within {window.TotalSeconds} s; try again in {decision.RetryAfterSeconds} s."))
    {
        RetryAfterSeconds = decision.RetryAfterSeconds,
    };

    public static Problem QueueFull() => new(503, "queue-full", "There is no room for a further task.", "As much is unfinished, or stored, as may be; try again when something has ended.")
    {
        RetryAfterSeconds = FullRetryAfterSeconds,
    };

    public static Problem Stopping() => new(503, "stopping", "The service shuts down.", "No task is accepted any more; try again at another instance, or later.")
    {
        RetryAfterSeconds = FullRetryAfterSeconds,
    };

    public static Problem TooManyWaiters(string detail) => new(503, "too-many-waiters", "Too many calls wait.", detail) { RetryAfterSeconds = FullRetryAfterSeconds };

    public static Problem NotTried() => new(
        409, "not-tried", "It was not tried.", "Another task of the same atomic batch was refused, so none was admitted.");

    public static Problem MoveRefused(string verb, in TaskRecord record) => new(
        409, "move-refused", "The task's state does not allow that.", $"A task that is {record.State.WireName()} cannot be {verb}.")
    {
        CurrentStatus = record.State.WireName(),
    };

    public static Problem LeaseLost(in TaskRecord record) => new(
        409, "lease-lost", "The task is no longer the worker's.", "The lease token belongs to an attempt that is over, or to none: nothing was changed. Drop the task.")
    {
        CurrentStatus = record.State.WireName(),
    };

    public static Problem WorkerNotFound(string id) => new(
        404, "worker-not-found", "There is no such worker.",
        $"No worker \"{ValidationFaults.Show(id)}\" is registered, or not any more: register again.");

    public static Problem StaleIncarnation(string id) => new(
        409, "stale-incarnation", "Another start of the worker has registered since.",
        $"The worker \"{ValidationFaults.Show(id)}\" was started anew; this start of it holds nothing any more, and must end.");

    public static Problem TypeHasHandler(IReadOnlyList<string> types) => new(
        409, "type-has-handler", "The service runs such tasks itself.", $"Workers cannot register for {string.Join(", ", types)}: there is a handler in the service's own process.");

    public static Problem TooManyWorkers(int max) => new(
        503, "too-many-workers", "There is no room for a further worker.", string.Create(CultureInfo.InvariantCulture, $"At most {max} workers may be registered."))
    {
        RetryAfterSeconds = FullRetryAfterSeconds,
    };

    public static Problem TooManyTaskTypes(int max) => new(
        503, "too-many-task-types", "There is no room for a further task type.", string.Create(CultureInfo.InvariantCulture, $"There may be at most {max} task types."))
    {
        RetryAfterSeconds = FullRetryAfterSeconds,
    };

    public static Problem UniqueKeyTaken(in TaskRecord record) => new(
        409, "unique-key-taken", "Another unfinished task has the unique key.",
        $"The unique key \"{ValidationFaults.Show(record.Definition.Options.UniqueKey ?? string.Empty)}\" belongs to another unfinished task of its type.")
    {
        CurrentStatus = record.State.WireName(),
    };

    public static Problem ParentNotCompleted(in TaskRecord record) => new(
        409, "parent-not-completed", "A task that this one depends on has not completed.", "Retry the tasks that this one depends on first.")
    {
        CurrentStatus = record.State.WireName(),
    };

    public static Problem HasDependants(Guid id) => new(409, "has-dependants", "Unfinished tasks depend on the task.", $"The task {id} is needed until they have ended.");
}
