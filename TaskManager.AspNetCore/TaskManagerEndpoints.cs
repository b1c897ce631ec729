using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TaskManager.AspNetCore.Answers;
using TaskManager.AspNetCore.Endpoints;

namespace TaskManager.AspNetCore;

/// <summary>Maps the HTTP surface of the task manager.</summary>
public static class TaskManagerEndpoints
{
    private static readonly string[] GetAndHead = [HttpMethods.Get, HttpMethods.Head];

    private static readonly string[] SubmitHeaders = ["Location", "ETag", "Preference-Applied", "Idempotency-Replayed", "Task-Reused"];

    private static readonly string[] TaskHeaders = ["ETag", "Retry-After"];

    private static readonly string[] WaitHeaders = [.. TaskHeaders, "Preference-Applied"];

    /// <summary>
    /// Maps everything about tasks and task types: submit, look, long-poll, list, stream, move, remove, count. May be called again with another prefix; a client's budget is one
    /// over all of them.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="prefix">What stands before <c>/tasks</c> and <c>/task-types</c>, such as <c>/api/v1</c>; nothing by default.</param>
    /// <returns>A builder for conventions over all of them, such as <c>.RequireAuthorization()</c>.</returns>
    /// <exception cref="InvalidOperationException"><c>AddTaskManager</c> was not called.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is out of range.</exception>
    public static IEndpointConventionBuilder MapTaskManager(this IEndpointRouteBuilder endpoints, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        var surface = HttpSurface.Of(endpoints);
        RouteGroupBuilder group = endpoints.MapGroup(prefix);
        var answers = new TaskAnswers(surface);
        MapSubmissions(group, surface, answers);
        MapReads(group, surface, answers);
        MapEvents(group, surface);
        MapMoves(group, new MoveEndpoints(surface, answers));
        MapTaskTypes(group, new TaskTypeEndpoints(surface));

        // Around the request delegates rather than in a middleware: the guard goes wherever the endpoints go.
        ((IEndpointConventionBuilder)group).Finally(builder => builder.RequestDelegate = surface.Guard.Around(builder.RequestDelegate!));
        return group;
    }

    private static void MapSubmissions(RouteGroupBuilder group, HttpSurface surface, TaskAnswers answers)
    {
        Map(group, "/tasks", [HttpMethods.Post], new SubmitEndpoints(surface, answers).SubmitAsync, new("submitTask", "Submits a task.")
        {
            Parameters = [Parameters.IdempotencyKey, Parameters.PreferWait],
            Body = Json("Submission"),
            Answers =
            [
                new(202, "Admitted: `Location` is the task, `Retry-After` says when to look again.", "Task") { Headers = [.. SubmitHeaders, "Retry-After"] },
                new(200, "It ended within the time that `Prefer: wait` gave it, or an equal task's result answers it.", "Task") { Headers = SubmitHeaders },
            ],
            Refusals = [400, 403, 413, 415, 422, 503],
        });
        Map(group, "/tasks/batch", [HttpMethods.Post], new BatchEndpoints(surface).SubmitAsync, new("submitTasks", "Submits many tasks in their order.")
        {
            Parameters = [Parameters.Atomic],
            Body = new Dictionary<string, string>(StringComparer.Ordinal) { ["application/json"] = "Batch", ["application/x-ndjson"] = "Submission" },
            Answers = [new(200, "One answer for each, in order.", "BatchAnswer")],
            Refusals = [400, 403, 413, 415, 503],
        });
    }

    private static void MapReads(RouteGroupBuilder group, HttpSurface surface, TaskAnswers answers)
    {
        var reads = new ReadEndpoints(surface, answers);
        ParameterDescription[] wait = [Parameters.TaskId, Parameters.Wait, Parameters.WaitTimeout, Parameters.PreferWait];
        Map(group, "/tasks", GetAndHead, new ListEndpoints(surface).ListAsync, new("listTasks", "Lists tasks, newest first.")
        {
            Parameters = [Parameters.Status, Parameters.Type, Parameters.Tag, Parameters.Limit, Parameters.Cursor],
            Answers =
            [
                new(200, "A page. It may be short: an absent `next_cursor` alone means the end.", "TaskPage") { Headers = ["Link"] },
                new(200, "Every match, a task a line.", "Task", ListEndpoints.LinesType),
            ],
            Refusals = [400],
        });
        Map(group, "/tasks/stats", GetAndHead, new StatisticsEndpoints(surface).GetAsync, new("getStatistics", "Counts and measures everything.")
        {
            Answers = [new(200, "The figures of this moment.", "Statistics")],
        });
        Map(group, "/tasks/{id}", GetAndHead, reads.GetAsync, new("getTask", "Gets a task, or waits for its status to change.")
        {
            Parameters = [.. wait, Parameters.IfNoneMatch],
            Answers = [new(200, "The task, whatever its state.", "Task") { Headers = WaitHeaders }, new(304, "What the client has is still true.") { Headers = WaitHeaders }],
            Refusals = [400, 404, 410, 503],
        });
        Map(group, "/tasks/{id}/status", GetAndHead, reads.GetStatusAsync, new("getTaskStatus", "Gets the small form of a task, or waits for its status to change.")
        {
            Parameters = [.. wait, Parameters.IfNoneMatch],
            Answers = [new(200, "The small form.", "TaskStatus") { Headers = WaitHeaders }, new(304, "What the client has is still true.") { Headers = WaitHeaders }],
            Refusals = [400, 404, 410, 503],
        });
        Map(group, "/tasks/{id}/result", GetAndHead, reads.GetResultAsync, new("getTaskResult", "Gets how a task ended.")
        {
            Parameters = wait,
            Answers = [new(200, "It has ended.", "TaskOutcome") { Headers = WaitHeaders }, new(202, "It has not.", "TaskOutcome") { Headers = WaitHeaders }],
            Refusals = [400, 404, 410, 503],
        });
    }

    private static void MapEvents(RouteGroupBuilder group, HttpSurface surface)
    {
        var events = new EventEndpoints(surface);
        Map(group, "/tasks/events", GetAndHead, events.WatchAllAsync, new("watchTasks", "Streams what happens to all tasks, from now on.")
        {
            Parameters = [Parameters.Type, Parameters.Status, Parameters.LastEventId],
            Answers = [new(200, "Server-sent events without an end.", "TaskEvent", EventStream.ContentType)],
            Refusals = [400, 503],
        });
        Map(group, "/tasks/{id}/events", GetAndHead, events.WatchTaskAsync, new("watchTask", "Streams what happens to a task, from its first kept event to its final one.")
        {
            Parameters = [Parameters.TaskId, Parameters.LastEventId],
            Answers = [new(200, "Server-sent events.", "TaskEvent", EventStream.ContentType), new(204, "The final event has been seen: nothing more will come.")],
            Refusals = [400, 404, 410, 503],
        });
        Map(group, "/tasks/{id}/logs", GetAndHead, events.ReadLogAsync, new("getTaskLog", "Gets what a task wrote, oldest line first.")
        {
            Parameters = [Parameters.TaskId, Parameters.After, Parameters.Level, Parameters.Limit],
            Answers = [new(200, "Some lines; an absent `next_cursor` means the end.", "TaskLogPage")],
            Refusals = [400, 404, 410],
        });
        Map(group, "/tasks/ws", [HttpMethods.Get], new SocketEndpoints(surface).ConnectAsync, new("connectSocket", "Opens a WebSocket with the same events.")
        {
            Answers = [new(101, "The socket is open: `{\"subscribe\": {\"task_id\"?, \"type\"?, \"status\"?, \"last_event_id\"?}}` and `{\"unsubscribe\": {…}}` go in, events come out.")],
            Refusals = [400, 403],
        });
    }

    private static void MapMoves(RouteGroupBuilder group, MoveEndpoints moves)
    {
        MapMove(group, "/tasks/{id}/cancel", HttpMethods.Post, moves.CancelAsync, new("cancelTask", "Ends a task."));
        MapMove(group, "/tasks/{id}/pause", HttpMethods.Post, moves.PauseAsync, new("pauseTask", "Holds a task; a running one at its next checkpoint."));
        MapMove(group, "/tasks/{id}/resume", HttpMethods.Post, moves.ResumeAsync, new("resumeTask", "Lets a held task go on."));
        MapMove(group, "/tasks/{id}/retry", HttpMethods.Post, moves.RetryAsync, new("retryTask", "Runs an ended task again."));
        MapMove(group, "/tasks/{id}/status", HttpMethods.Patch, moves.PatchStatusAsync, new("patchTaskStatus", "Cancels, pauses or resumes a task.")
        {
            Body = Json("StatusPatch"),
            Refusals = [413, 415],
        });
        MapMove(group, "/tasks/{id}", HttpMethods.Delete, moves.DeleteAsync, new("deleteTask", "Cancels a task, or removes it for good.")
        {
            Parameters = [Parameters.Purge],
            Answers = [new(204, "Removed for good.")],
        });
    }

    private static void MapMove(RouteGroupBuilder group, string pattern, string method, RequestDelegate endpoint, EndpointDescription description) =>
        Map(group, pattern, [method], endpoint, description with
        {
            Parameters = [Parameters.TaskId, .. description.Parameters],
            Answers =
            [
                new(200, "It took effect.", "Task") { Headers = TaskHeaders },
                new(202, "It is recorded, and not yet felt.", "Task") { Headers = TaskHeaders },
                .. description.Answers,
            ],
            Refusals = [400, 403, 404, 409, 410, 503, .. description.Refusals],
        });

    private static void MapTaskTypes(RouteGroupBuilder group, TaskTypeEndpoints types)
    {
        Map(group, "/task-types", GetAndHead, types.ListAsync, new("listTaskTypes", "Lists the task types.")
        {
            Answers = [new(200, "Every type, by name.", "TaskTypeList")],
        });
        Map(group, "/task-types/{type}", GetAndHead, types.GetAsync, new("getTaskType", "Gets a task type.")
        {
            Parameters = [Parameters.TaskType],
            Answers = [new(200, "The type.", "TaskType")],
            Refusals = [404],
        });
    }

    private static Dictionary<string, string> Json(string schema) => new(StringComparer.Ordinal) { ["application/json"] = schema };

    private static void Map(RouteGroupBuilder group, string pattern, string[] methods, RequestDelegate endpoint, EndpointDescription description) =>
        group.MapMethods(pattern, methods, endpoint)
            .WithTags(pattern.StartsWith("/task-types", StringComparison.Ordinal) ? "Task types" : "Tasks")
            .WithSummary(description.Summary)
            .WithMetadata(description with { Refusals = [.. description.Refusals, 406, 429] }, endpoint.Method); // the method makes the endpoint one that can be described
}
