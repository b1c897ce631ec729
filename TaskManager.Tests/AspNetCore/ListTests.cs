using System.Text.Json;

namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class ListTests
{
    [Fact]
    public async Task List_All_IsNewestFirstInWholeForm()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string first = await app.SubmitToEndAsync("add", """{"a":1,"b":2}""");
        string second = await app.SubmitRunningAsync();
        HttpAnswer page = (await app.GetAsync("/tasks")).Is(200);
        Assert.Equal("application/json", page.ContentType);
        Assert.Equal("private, no-cache", page.Header("Cache-Control"));
        Assert.Equal(["items"], page.Json.EnumerateObject().Select(member => member.Name)); // no next_cursor: the end
        Assert.Null(page.Header("Link"));
        Assert.Equal([second, first], Ids(page));
        Assert.Equal((await app.GetAsync($"/tasks/{first}")).Text, page.Member("items")[1].GetRawText());
    }

    [Fact]
    public async Task List_Nothing_IsAnEmptyPage()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        Assert.Equal("""{"items":[]}""", (await app.GetAsync("/tasks")).Is(200).Text);
    }

    [Theory]
    [InlineData("status=completed", "echo1,echo2,add1")]
    [InlineData("status=completed,failed", "echo1,echo2,add1,fail1")]
    [InlineData("status=completed&status=failed", "echo1,echo2,add1,fail1")]
    [InlineData("status=timed_out", "")]
    [InlineData("type=echo", "echo1,echo2")]
    [InlineData("type=echo,add&type=fail", "echo1,echo2,add1,fail1")]
    [InlineData("tag=red", "echo1,fail1")]
    [InlineData("tag=red,blue", "echo1,echo2,fail1")]
    [InlineData("tag=RED", "")]
    [InlineData("tag=red&status=completed", "echo1")]
    [InlineData("tag=red&type=add", "")]
    [InlineData("unknown=1&tag=red&STATUS=completed", "echo1")]
    [InlineData("tag=a%2Cb", "")]
    [InlineData("tag=%F0%9F%98%80", "gate1")]
    public async Task List_Filters_AreAllHeld(string query, string expected)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        var names = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [await app.SubmitToEndAsync("echo", "1", "\"tags\":[\"red\",\"green\"]")] = "echo1",
            [await app.SubmitToEndAsync("echo", "2", "\"tags\":[\"blue\"]")] = "echo2",
            [await app.SubmitToEndAsync("add", """{"a":1,"b":2}""")] = "add1",
            [await app.SubmitToEndAsync("fail", "{}", "\"tags\":[\"red\"]")] = "fail1",
            [await app.SubmitRunningAsync(options: "\"tags\":[\"\U0001F600\"]")] = "gate1",
        };
        HttpAnswer page = (await app.GetAsync($"/tasks?{query}")).Is(200);
        Assert.Equal(expected, string.Join(',', Ids(page).Reverse().Select(id => names[id])));
    }

    [Theory]
    [InlineData("status=done", "status")]
    [InlineData("status=Completed", "status")]
    [InlineData("status=", "status")]
    [InlineData("status=completed,", "status")]
    [InlineData("status=completed&status=", "status")]
    [InlineData("type=unknown", "type")]
    [InlineData("type=Echo", "type")]
    [InlineData("type=,", "type")]
    [InlineData("tag=", "tag")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=1e3", "limit")]
    [InlineData("limit=10.0", "limit")]
    [InlineData("limit=1000000000000", "limit")]
    [InlineData("limit=", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("limit=%EF%BC%91", "limit")]
    [InlineData("limit=+1", "limit")]
    [InlineData("cursor=", "cursor")]
    [InlineData("cursor=AAAAAAAAAAAAAAAAAAAAAA", "cursor")]
    [InlineData("cursor=%00", "cursor")]
    [InlineData("status=x&type=y&tag=&limit=z&cursor=w", "cursor", "limit", "status", "tag", "type")]
    public async Task List_WrongValue_IsNamedAndNeverAFullDump(string query, params string[] fields)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        await app.SubmitToEndAsync("echo");
        (await app.GetAsync($"/tasks?{query}")).IsInvalid(fields);
        (await app.GetAsync($"/tasks?{query}", ("Accept", "application/x-ndjson"))).IsInvalid(fields);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("type")]
    [InlineData("tag")]
    public async Task List_ValuesWithoutEnd_AreRefused(string filter)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string value = filter switch { "status" => "queued", "type" => "echo", _ => "t" };
        (await app.GetAsync($"/tasks?{filter}={string.Join(',', Enumerable.Repeat(value, 100))}")).Is(200);
        (await app.GetAsync($"/tasks?{filter}={string.Join(',', Enumerable.Repeat(value, 101))}")).IsInvalid(filter);
        (await app.GetAsync($"/tasks?{string.Join('&', Enumerable.Repeat($"{filter}={value}", 101))}")).IsInvalid(filter);
    }

    [Fact]
    public async Task List_DefaultLimit_Is100AndTheMostIs1000()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.MaxConcurrency = 0 });
        (await app.PostAsync("/tasks/batch", BatchTests.Array(Enumerable.Repeat("""{"task_type":"gate"}""", 1001)))).Is(200);
        Assert.Equal(100, Ids(await app.GetAsync("/tasks")).Count());
        HttpAnswer largest = await app.GetAsync("/tasks?limit=1000");
        Assert.Equal(1000, Ids(largest).Count());
        Assert.Single(Ids(await app.GetAsync($"/tasks?limit=1000&cursor={largest.Member("next_cursor").GetString()}")));
    }

    [Fact]
    public async Task Head_List_IsAGetWithoutItsBody()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        await app.SubmitToEndAsync("echo");
        HttpAnswer head = (await app.SendAsync(HttpMethod.Head, "/tasks")).Is(200);
        Assert.Equal(string.Empty, head.Text);
        Assert.Equal((await app.GetAsync("/tasks")).Header("Content-Length"), head.Header("Content-Length"));
        HttpAnswer lines = (await app.SendAsync(HttpMethod.Head, "/tasks", content: null, ("Accept", "application/x-ndjson"))).Is(200);
        Assert.Equal("application/x-ndjson", lines.ContentType);
        Assert.Equal(string.Empty, lines.Text);
    }

    internal static IEnumerable<string> Ids(HttpAnswer page) => page.Member("items").EnumerateArray().Select(IdOf);

    internal static string IdOf(JsonElement task) => task.GetProperty("task_id").GetString()!;
}
