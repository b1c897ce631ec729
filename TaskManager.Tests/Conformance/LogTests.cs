using System.Text.Json;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Conformance;

/// <summary><c>GET /tasks/{id}/logs</c>.</summary>
public sealed class LogTests(ConformanceHost host) : WireTest(host)
{
    private static readonly string[] Levels = ["trace", "debug", "information", "warning", "error", "critical"];

    [Fact]
    public async Task Logs_Lines_AreOldestFirstWithTheirLevelAndTime()
    {
        string id = await WriteAsync("trace", "warning");

        HttpAnswer answer = (await Wire.GetAsync($"/tasks/{id}/logs")).Is(200);

        JsonElement[] lines = [.. answer.Member("items").EnumerateArray()];
        Assert.All(lines, line => Assert.Equal(["seq", "level", "message", "at"], Members(line)));
        Assert.Equal(["1 trace line 1", "2 warning line 2"], lines.Select(line => $"{line.GetProperty("seq")} {line.GetProperty("level")} {line.GetProperty("message")}"));
        Assert.Equal(0, answer.Member("dropped").GetInt64());
        Assert.False(answer.Json.TryGetProperty("next_cursor", out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(1000)]
    public async Task Logs_PageByPage_AreAllOfThemOnce(int limit)
    {
        string id = await WriteAsync([.. Enumerable.Repeat("information", 10)]);
        var read = new List<string>();
        string? cursor = "0";
        while (cursor is not null)
        {
            HttpAnswer page = (await Wire.GetAsync($"/tasks/{id}/logs?limit={limit}&after={cursor}")).Is(200);
            read.AddRange(Messages(page));
            Assert.True(read.Count <= 10, "The pages hold more than there is.");
            cursor = page.Json.TryGetProperty("next_cursor", out JsonElement next) ? next.GetString() : null;
        }

        Assert.Equal(Enumerable.Range(1, 10).Select(i => $"line {i}"), read);
    }

    [Fact]
    public async Task Logs_DefaultLimit_Is100()
    {
        string id = await WriteAsync([.. Enumerable.Repeat("information", 101)]);

        Assert.Equal(100, Messages(await Wire.GetAsync($"/tasks/{id}/logs")).Count());
    }

    [Theory]
    [InlineData("trace", 6)]
    [InlineData("warning", 3)]
    [InlineData("critical", 1)]
    public async Task Logs_FromALevelOn_LeaveOutWhatLiesBelow(string least, int count)
    {
        string id = await WriteAsync(Levels);

        HttpAnswer answer = (await Wire.GetAsync($"/tasks/{id}/logs?level={least}")).Is(200);

        Assert.Equal(Levels[^count..], answer.Member("items").EnumerateArray().Select(line => line.GetProperty("level").GetString()));
    }

    [Theory]
    [InlineData("after=-1", "after")]
    [InlineData("after=x", "after")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("level=loud", "level")]
    [InlineData("level=Warning", "level")]
    [InlineData("level=&limit=x&after=y", "after", "level", "limit")]
    public async Task Logs_WrongValue_IsNamed(string query, params string[] fields) => (await Wire.GetAsync($"/tasks/{await SubmitAsync()}/logs?{query}")).IsInvalid(fields);

    private static IEnumerable<string> Messages(HttpAnswer page) => page.Is(200).Member("items").EnumerateArray().Select(line => line.GetProperty("message").GetString()!);

    /// <summary>Runs a task that logs a numbered line on each of the levels.</summary>
    private async Task<string> WriteAsync(params string[] levels)
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed claimed = await BeginAsync(worker);
        string entries = JsonSerializer.Serialize(levels.Select((level, index) => new { level, message = $"line {index + 1}" }));
        (await worker.ReportAsync(claimed, "logs", $",\"entries\":{entries}")).Is(200);
        await worker.CompleteAsync(claimed);
        return claimed.Id;
    }
}
