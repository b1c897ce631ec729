using TaskManager;
using TaskManager.Api.Hosting;
using TaskManager.Api.Samples;
using TaskManager.AspNetCore;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);

builder.Services.AddTaskManager().AddSampleTasks(builder.Configuration);
builder.Services.ConfigureTaskManager(builder.Configuration);
builder.Services.ConfigureForwardedHeaders(builder.Configuration);
builder.Services.AddConfiguredCors(builder.Configuration);
builder.Services.AddProblems();

WebApplication app = builder.Build();

app.UseForwardedHeaders();
app.UseCors();

app.MapTaskManager();
app.MapTaskManager("/api/v1");
app.MapHealth();

app.Run();
