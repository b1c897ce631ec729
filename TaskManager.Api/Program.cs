using TaskManager;
using TaskManager.Api.Hosting;
using TaskManager.Api.OpenApi;
using TaskManager.Api.Samples;
using TaskManager.AspNetCore;

try
{
    // The settings stand beside the program, wherever it is started from.
    WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

    builder.Logging.AddLineFormatter();
    builder.ExportTelemetry();
    builder.Services.AddTaskManager().AddSampleTasks(builder.Configuration).AddWorkerTaskTypes(builder.Configuration);
    builder.Services.ConfigureTaskManager(builder.Configuration);
    builder.Services.ConfigureForwardedHeaders(builder.Configuration);
    builder.Services.AddConfiguredCors(builder.Configuration);
    builder.Services.AddProblems();
    builder.Services.AddTaskManagerOpenApi();

    WebApplication app = builder.Build();

    app.UseConfiguredForwardedHeaders();
    app.UseConfiguredCors();
    app.UseWebSocketsOnRequest();

    app.MapTaskManager();
    app.MapTaskManager("/api/v1");
    app.MapTaskManagerWorkers();
    app.MapTaskManagerWorkers("/api/v1");
    app.MapTaskManagerPool();
    app.MapTaskManagerPool("/api/v1");
    app.MapTaskManagerMetrics();
    app.MapHealth();
    app.MapDocumentation();

    app.Run();
    return 0;
}
catch (Exception error) when (StartFailure.Describe(error) is { } reason)
{
    Console.Error.WriteLine(reason);
    return StartFailure.ExitCode;
}
