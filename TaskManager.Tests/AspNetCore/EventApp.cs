using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using TaskManager.AspNetCore;

namespace TaskManager.Tests.AspNetCore;

/// <summary>What a task of the type <c>talk</c> does before it ends: it reports each line as its progress, of which the first and the last are told, and writes it to its log.</summary>
internal sealed record Talk(string[] Lines, string? Error = null, LogLevel Level = LogLevel.Information);

/// <summary>An application whose tasks have much to tell, with WebSockets.</summary>
internal static class EventApp
{
    public static Task<HttpApp> StartAsync(Action<TaskManagerOptions>? tasks = null, bool onKestrel = false) => HttpApp.StartAsync(new HttpAppSetup
    {
        Tasks = tasks,
        OnKestrel = onKestrel,
        Build = AddTalk,
        Map = Map,
    });

    public static void AddTalk(WebApplicationBuilder builder) => builder.Services.AddTaskManager().AddHandler<Talk, Sum>("talk", Speak);

    public static void Map(WebApplication application)
    {
        application.UseWebSockets();
        application.MapTaskManager();
    }

    public static async Task<long> SubscribersAsync(HttpApp app) =>
        (await app.GetAsync("/tasks/stats")).Is(200).Member("bounds").GetProperty("subscribers").GetProperty("used").GetInt64();

    public static string Lines(params string[] lines) => System.Text.Json.JsonSerializer.Serialize(new { lines });

    private static Sum Speak(Talk task, TaskContext context)
    {
        for (int i = 0; i < task.Lines.Length; i++)
        {
            context.ReportProgress(i + 1, task.Lines.Length, task.Lines[i]);
            context.Logger.Log(task.Level, "{Line}", task.Lines[i]);
        }

        return task.Error is null ? new Sum(task.Lines.Length) : throw new InvalidOperationException(task.Error);
    }
}
