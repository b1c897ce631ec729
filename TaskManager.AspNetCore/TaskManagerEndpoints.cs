using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TaskManager.AspNetCore.Answers;
using TaskManager.AspNetCore.Endpoints;

namespace TaskManager.AspNetCore;

/// <summary>Maps the HTTP surface of the task manager.</summary>
public static class TaskManagerEndpoints
{
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
        var map = new EndpointMap(endpoints.MapGroup(prefix), 406, 429);
        var answers = new TaskAnswers(surface);
        MapSubmissions(map, surface, answers);
        MapReads(map, surface, answers);
        MapEvents(map, surface);
        MapMoves(map, new MoveEndpoints(surface, answers));
        MapTaskTypes(map, new TaskTypeEndpoints(surface));
        return map.GuardedBy(surface.Guard);
    }

    private static void MapSubmissions(EndpointMap map, HttpSurface surface, TaskAnswers answers)
    {
        map.Map("Tasks", "/tasks", EndpointMap.Post, new SubmitEndpoints(surface, answers).SubmitAsync, new("submitTask", "Submits a task.")
        {
            Parameters = [Parameters.IdempotencyKey, Parameters.PreferWait],
            Body = EndpointMap.Json("Submission"),
            Answers =
            [
                new(202, "Admitted: `Location` is the task, `Retry-After` says when to look again.", "Task") { Headers = [.. SubmitHeaders, "Retry-After"] },
                new(200, "It ended within the time that `Prefer: wait` gave it, or an equal task's result answers it.", "Task") { Headers = SubmitHeaders },
            ],
            Refusals = [400, 403, 413, 415, 422, 503],
        });
        map.Map("Tasks", "/tasks/batch", EndpointMap.Post, new BatchEndpoints(surface).SubmitAsync, new("submitTasks", "Submits many tasks in their order.")
        {
            Parameters = [Parameters.Atomic],
            Body = new Dictionary<string, string>(StringComparer.Ordinal) { ["application/json"] = "Batch", ["application/x-ndjson"] = "Submission" },
            Answers = [new(200, "One answer for each, in order.", "BatchAnswer")],
            Refusals = [400, 403, 413, 415, 503],
        });
    }

    private static void MapReads(EndpointMap map, HttpSurface surface, TaskAnswers answers)
    {
        var reads = new ReadEndpoints(surface, answers);
        ParameterDescription[] wait = [Parameters.TaskId, Parameters.Wait, Parameters.WaitTimeout, Parameters.PreferWait];
        map.Map("Tasks", "/tasks", EndpointMap.GetAndHead, new ListEndpoints(surface).ListAsync, new("listTasks", "Lists tasks, newest first.")
        {
            Parameters = [Parameters.Status, Parameters.Type, Parameters.Tag, Parameters.Limit, Parameters.Cursor],
            Answers =
            [
                new(200, "A page. It may be short: an absent `next_cursor` alone means the end.", "TaskPage") { Headers = ["Link"] },
                new(200, "Every match, a task a line.", "Task", ListEndpoints.LinesType),
            ],
            Refusals = [400],
        });
        map.Map("Tasks", "/tasks/stats", EndpointMap.GetAndHead, new StatisticsEndpoints(surface).GetAsync, new("getStatistics", "Counts and measures everything.")
        {
            Answers = [new(200, "The figures of this moment.", "Statistics")],
        });
        map.Map("Tasks", "/tasks/{id}", EndpointMap.GetAndHead, reads.GetAsync, new("getTask", "Gets a task, or waits for its status to change.")
        {
            Parameters = [.. wait, Parameters.IfNoneMatch],
            Answers = [new(200, "The task, whatever its state.", "Task") { Headers = WaitHeaders }, new(304, "What the client has is still true.") { Headers = WaitHeaders }],
            Refusals = [400, 404, 410, 503],
        });
        map.Map("Tasks", "/tasks/{id}/status", EndpointMap.GetAndHead, reads.GetStatusAsync, new("getTaskStatus", "Gets the small form of a task, or waits for its status to change.")
        {
            Parameters = [.. wait, Parameters.IfNoneMatch],
            Answers = [new(200, "The small form.", "TaskStatus") { Headers = WaitHeaders }, new(304, "What the client has is still true.") { Headers = WaitHeaders }],
            Refusals = [400, 404, 410, 503],
        });
        map.Map("Tasks", "/tasks/{id}/result", EndpointMap.GetAndHead, reads.GetResultAsync, new("getTaskResult", "Gets how a task ended.")
        {
            Parameters = wait,
            Answers = [new(200, "It has ended.", "TaskOutcome") { Headers = WaitHeaders }, new(202, "It has not.", "TaskOutcome") { Headers = WaitHeaders }],
            Refusals = [400, 404, 410, 503],
        });
    }

    private static void MapEvents(EndpointMap map, HttpSurface surface)
    {
        var events = new EventEndpoints(surface);
        map.Map("Tasks", "/tasks/events", EndpointMap.GetAndHead, events.WatchAllAsync, new("watchTasks", "Streams what happens to all tasks, from now on.")
        {
            Parameters = [Parameters.Type, Parameters.Status, Parameters.LastEventId],
            Answers = [new(200, "Server-sent events without an end.", "TaskEvent", EventStream.ContentType)],
            Refusals = [400, 503],
        });
        map.Map("Tasks", "/tasks/{id}/events", EndpointMap.GetAndHead, events.WatchTaskAsync, new("watchTask", "Streams what happens to a task, from its first kept event to its final one.")
        {
            Parameters = [Parameters.TaskId, Parameters.LastEventId],
            Answers = [new(200, "Server-sent events.", "TaskEvent", EventStream.ContentType), new(204, "The final event has been seen: nothing more will come.")],
            Refusals = [400, 404, 410, 503],
        });
        map.Map("Tasks", "/tasks/{id}/logs", EndpointMap.GetAndHead, events.ReadLogAsync, new("getTaskLog", "Gets what a task wrote, oldest line first.")
        {
            Parameters = [Parameters.TaskId, Parameters.After, Parameters.Level, Parameters.Limit],
            Answers = [new(200, "Some lines; an absent `next_cursor` means the end.", "TaskLogPage")],
            Refusals = [400, 404, 410],
        });
        map.Map("Tasks", "/tasks/ws", [HttpMethods.Get], new SocketEndpoints(surface).ConnectAsync, new("connectSocket", "Opens a WebSocket with the same events.")
        {
            Answers = [new(101, "The socket is open: `{\"subscribe\": {\"task_id\"?, \"type\"?, \"status\"?, \"last_event_id\"?}}` and `{\"unsubscribe\": {…}}` go in, events come out.")],
            Refusals = [400, 403],
        });
    }

    private static void MapMoves(EndpointMap map, MoveEndpoints moves)
    {
        MapMove(map, "/tasks/{id}/cancel", HttpMethods.Post, moves.CancelAsync, new("cancelTask", "Ends a task."));
        MapMove(map, "/tasks/{id}/pause", HttpMethods.Post, moves.PauseAsync, new("pauseTask", "Holds a task; a running one at its next checkpoint."));
        MapMove(map, "/tasks/{id}/resume", HttpMethods.Post, moves.ResumeAsync, new("resumeTask", "Lets a held task go on."));
        MapMove(map, "/tasks/{id}/retry", HttpMethods.Post, moves.RetryAsync, new("retryTask", "Runs an ended task again."));
        MapMove(map, "/tasks/{id}/status", HttpMethods.Patch, moves.PatchStatusAsync, new("patchTaskStatus", "Cancels, pauses or resumes a task.")
        {
            Body = EndpointMap.Json("StatusPatch"),
            Refusals = [413, 415],
        });
        MapMove(map, "/tasks/{id}", HttpMethods.Delete, moves.DeleteAsync, new("deleteTask", "Cancels a task, or removes it for good.")
        {
            Parameters = [Parameters.Purge],
            Answers = [new(204, "Removed for good.")],
        });
    }

    private static void MapMove(EndpointMap map, string pattern, string method, RequestDelegate endpoint, EndpointDescription description) =>
        map.Map("Tasks", pattern, [method], endpoint, description with
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

    private static void MapTaskTypes(EndpointMap map, TaskTypeEndpoints types)
    {
        map.Map("Task types", "/task-types", EndpointMap.GetAndHead, types.ListAsync, new("listTaskTypes", "Lists the task types.")
        {
            Answers = [new(200, "Every type, by name.", "TaskTypeList")],
        });
        map.Map("Task types", "/task-types/{type}", EndpointMap.GetAndHead, types.GetAsync, new("getTaskType", "Gets a task type.")
        {
            Parameters = [Parameters.TaskType],
            Answers = [new(200, "The type.", "TaskType")],
            Refusals = [404],
        });
    }
}
