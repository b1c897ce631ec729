using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TaskManager.AspNetCore.Endpoints;

namespace TaskManager.AspNetCore;

/// <summary>Maps the protocol of workers outside the process.</summary>
public static class TaskManagerWorkerEndpoints
{
    /// <summary>
    /// Maps what workers call: register, claim, heartbeat, and their reports. Whoever may call these may run tasks and read their parameters; they are under no rate limit.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="prefix">What stands before <c>/workers</c> and <c>/tasks</c>, such as <c>/api/v1</c>; nothing by default.</param>
    /// <returns>A builder for conventions over all of them, such as <c>.RequireAuthorization()</c>.</returns>
    /// <exception cref="InvalidOperationException"><c>AddTaskManager</c> was not called.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is out of range.</exception>
    public static IEndpointConventionBuilder MapTaskManagerWorkers(this IEndpointRouteBuilder endpoints, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        var surface = HttpSurface.Of(endpoints);
        ITaskWorkers workers = endpoints.ServiceProvider.GetRequiredService<ITaskWorkers>();
        var map = new EndpointMap(endpoints.MapGroup(prefix), 406);
        MapWorkers(map, new WorkerEndpoints(surface, workers));
        MapReports(map, new ReportEndpoints(surface, new TaskAnswers(surface), workers));
        return map.GuardedBy(surface.UnlimitedGuard);
    }

    private static void MapWorkers(EndpointMap map, WorkerEndpoints workers)
    {
        map.Map("Workers", "/workers", EndpointMap.GetAndHead, workers.ListAsync, new("listWorkers", "Lists the workers.")
        {
            Answers = [new(200, "Every worker, by id.", "WorkerList")],
        });
        map.Map("Workers", "/workers/register", EndpointMap.Post, workers.RegisterAsync, new("registerWorker", "Registers a worker, or takes over from the start of it before.")
        {
            Body = EndpointMap.Json("WorkerRegistration"),
            Answers = [new(201, "It is registered.", "WorkerRegistered"), new(200, "It was registered before, and is so anew.", "WorkerRegistered")],
            Refusals = [400, 403, 409, 413, 415, 503],
        });
        map.Map("Workers", "/workers/{id}", [HttpMethods.Delete], workers.LeaveAsync, new("removeWorker", "Lets a worker go; what it holds is given back.")
        {
            Parameters = [Parameters.WorkerId, Parameters.Incarnation],
            Answers = [new(204, "It is gone.")],
            Refusals = [403, 404, 409],
        });
        map.Map("Workers", "/workers/{id}/claim", EndpointMap.Post, workers.ClaimAsync, new("claimTasks", "Claims tasks, or waits for some.")
        {
            Parameters = [Parameters.WorkerId],
            Body = EndpointMap.Json("ClaimRequest"),
            Answers = [new(200, "The tasks, each under a lease of its own; none when the wait was in vain.", "ClaimAnswer")],
            Refusals = [400, 403, 404, 409, 413, 415, 503],
        });
        map.Map("Workers", "/workers/{id}/heartbeat", EndpointMap.Post, workers.HeartbeatAsync, new("sendHeartbeat", "Renews leases, and hears what is asked of their tasks.")
        {
            Parameters = [Parameters.WorkerId],
            Body = EndpointMap.Json("HeartbeatRequest"),
            Answers = [new(200, "What is asked.", "HeartbeatAnswer")],
            Refusals = [400, 403, 404, 409, 413, 415, 503],
        });
    }

    private static void MapReports(EndpointMap map, ReportEndpoints reports)
    {
        MapReport(map, "complete", reports.CompleteAsync, new("completeTask", "Reports that the work is done."), "CompleteReport");
        MapReport(map, "fail", reports.FailAsync, new("failTask", "Reports that the attempt failed, or stopped as it was told."), "FailReport");
        MapReport(map, "release", reports.ReleaseAsync, new("releaseTask", "Gives the task back at no cost to it."), "ReleaseReport");
        MapReport(map, "progress", reports.ReportProgressAsync, new("reportProgress", "Reports how far the attempt has come."), "ProgressReport");
        MapReport(map, "logs", reports.AppendLogAsync, new("appendTaskLog", "Adds lines to the task's log."), "LogReport");
    }

    private static void MapReport(EndpointMap map, string verb, RequestDelegate endpoint, EndpointDescription description, string schema) =>
        map.Map("Workers", $"/tasks/{{id}}/{verb}", EndpointMap.Post, endpoint, description with
        {
            Parameters = [Parameters.TaskId],
            Body = EndpointMap.Json(schema),
            Answers = [new(200, "It is accepted, now or when it was reported first.", "TaskStatus") { Headers = ["ETag", "Retry-After"] }],
            Refusals = [400, 403, 404, 409, 410, 413, 415],
        });
}
