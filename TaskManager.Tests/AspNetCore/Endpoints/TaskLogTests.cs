using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TaskManager.Tests.Api.Samples;

namespace TaskManager.Tests.AspNetCore.Endpoints;

/// <summary><c>GET /tasks/{id}/logs</c>.</summary>
[Trait("Proof", "http")]
public sealed class TaskLogTests
{
    private static readonly string[] LevelNames = ["trace", "debug", "information", "warning", "error", "critical"];

    public static TheoryData<string> Levels => [.. LevelNames];

    [Fact]
    public async Task Logs_OfATask_AreItsLinesOldestFirst()
    {
        await using HttpApp app = await EventApp.StartAsync();
        string id = await app.SubmitToEndAsync("talk", """{"lines":["one","two"],"level":"warning"}""");
        string other = await app.SubmitToEndAsync("talk", EventApp.Lines("of another"));

        HttpAnswer answer = (await app.GetAsync($"/tasks/{id}/logs")).Is(200);

        Assert.Equal(("application/json", "private, no-cache"), (answer.ContentType, answer.Header("Cache-Control")));
        Assert.Equal(
            """{"items":[{"seq":1,"level":"warning","message":"one","at":"2026-01-01T00:00:00Z"},{"seq":2,"level":"warning","message":"two","at":"2026-01-01T00:00:00Z"}],"dropped":0}""",
            answer.Text);
        Assert.Equal(["of another"], MessagesOf(await app.GetAsync($"/tasks/{other}/logs")));
    }

    [Fact]
    public async Task Logs_PageByPage_AreAllOfThemOnce()
    {
        await using HttpApp app = await EventApp.StartAsync();
        string[] lines = [.. Enumerable.Range(1, 250).Select(i => $"line {i}")];
        string id = await app.SubmitToEndAsync("talk", EventApp.Lines(lines));
        foreach (int limit in (int[])[1, 7, 50, 249, 250, 251, 1000])
        {
            var read = new List<string>();
            string? cursor = "0";
            while (cursor is not null)
            {
                HttpAnswer page = (await app.GetAsync($"/tasks/{id}/logs?limit={limit}&after={cursor}")).Is(200);
                read.AddRange(MessagesOf(page));
                cursor = page.Json.TryGetProperty("next_cursor", out JsonElement next) ? next.GetString() : null;
                Assert.Equal(cursor is not null, read.Count < lines.Length);
            }

            Assert.Equal(lines, read);
        }

        Assert.Equal(lines[..100], MessagesOf(await app.GetAsync($"/tasks/{id}/logs"))); // the default
        Assert.Empty(MessagesOf(await app.GetAsync($"/tasks/{id}/logs?after=250")));
        Assert.Empty(MessagesOf(await app.GetAsync($"/tasks/{id}/logs?after=2147483648"))); // the numbers of lines are longer than an int
        Assert.Empty(MessagesOf(await app.GetAsync($"/tasks/{id}/logs?after={long.MaxValue}")));
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task Logs_FromALevelOn_LeaveOutWhatLiesBelow(string least)
    {
        await using HttpApp app = await StartWithEveryLevelAsync();
        string id = await app.SubmitToEndAsync("every_level");

        HttpAnswer answer = (await app.GetAsync($"/tasks/{id}/logs?level={least}")).Is(200);

        string[] expected = LevelNames[Array.IndexOf(LevelNames, least)..];
        Assert.Equal(expected, answer.Member("items").EnumerateArray().Select(line => line.GetProperty("level").GetString()));
        Assert.Equal(expected.Select(level => Enum.Parse<LogLevel>(level, ignoreCase: true).ToString()), MessagesOf(answer));
    }

    [Fact]
    public async Task Logs_FromALevelOn_ArePagedAmongThemselves()
    {
        await using HttpApp app = await StartWithEveryLevelAsync();
        string id = await app.SubmitToEndAsync("every_level");

        HttpAnswer first = (await app.GetAsync($"/tasks/{id}/logs?level=warning&limit=2")).Is(200);
        HttpAnswer second = (await app.GetAsync($"/tasks/{id}/logs?level=warning&limit=2&after={first.Member("next_cursor").GetString()}")).Is(200);

        Assert.Equal(["Warning", "Error"], MessagesOf(first));
        Assert.Equal(["Critical"], MessagesOf(second));
        Assert.False(second.Json.TryGetProperty("next_cursor", out _));
    }

    [Fact]
    public async Task Logs_MoreLinesThanAreKept_SayHowManyAreGone()
    {
        await using HttpApp app = await EventApp.StartAsync(options => options.MaxLogEntries = 3);
        string id = await app.SubmitToEndAsync("talk", EventApp.Lines("a", "b", "c", "d", "e"));

        HttpAnswer answer = (await app.GetAsync($"/tasks/{id}/logs?after=1")).Is(200);

        Assert.Equal(2, answer.Member("dropped").GetInt64());
        Assert.Equal(["c", "d", "e"], MessagesOf(answer));
        Assert.Equal(3, answer.Member("items")[0].GetProperty("seq").GetInt64());
    }

    [Theory]
    [InlineData("after=-1", "after")]
    [InlineData("after=x", "after")]
    [InlineData("after=1.5", "after")]
    [InlineData("after=9223372036854775808", "after")]
    [InlineData("after=", "after")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=-5&limit=5", "limit")]
    [InlineData("level=", "level")]
    [InlineData("level=Warning", "level")]
    [InlineData("level=none", "level")]
    [InlineData("level=3", "level")]
    [InlineData("level=error&level=error", "level")]
    [InlineData("level=%00&limit=x&after=y", "after", "level", "limit")]
    public async Task Logs_WrongValue_NamesIt(string query, params string[] fields)
    {
        await using HttpApp app = await EventApp.StartAsync();
        string id = await app.SubmitAsync("gate");
        (await app.GetAsync($"/tasks/{id}/logs?{query}")).IsInvalid(fields);
        (await app.GetAsync($"/tasks/7/logs?{query}")).IsInvalid([.. fields, "task_id"]);
    }

    [Fact]
    public async Task Logs_OfNoTask_AreRefused()
    {
        await using HttpApp app = await EventApp.StartAsync();
        string purged = await app.SubmitToEndAsync("talk", EventApp.Lines("secret"));
        (await app.DeleteAsync($"/tasks/{purged}?purge=true")).Is(204);
        (await app.GetAsync($"/tasks/{purged}/logs")).IsProblem(410, "task-removed");
        (await app.GetAsync("/tasks/01980000-0000-7000-8000-000000000000/logs")).IsProblem(404, "task-not-found");
        (await app.GetAsync($"/tasks/{await app.SubmitAsync("gate")}/logs", ("Accept", "text/event-stream"))).IsProblem(406, "not-acceptable");
    }

    private static Task<HttpApp> StartWithEveryLevelAsync() => HttpApp.StartAsync(new HttpAppSetup
    {
        Build = builder =>
        {
            builder.Services.AddSingleton<ILoggerFactory>(new LogTally()); // a host that wants every level
            builder.Services.AddTaskManager().AddHandler<Nothing, Sum>("every_level", (_, context) =>
            {
                foreach (LogLevel level in Enum.GetValues<LogLevel>())
                {
                    context.Logger.Log(level, "{Level}", level);
                }

                return new Sum(0);
            });
        },
    });

    private static IEnumerable<string> MessagesOf(HttpAnswer answer) => answer.Is(200).Member("items").EnumerateArray().Select(line => line.GetProperty("message").GetString()!);
}
