using System.Text;
using System.Text.Json;

namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class BatchTests
{
    private const string Mixed = """
        [{"task_type":"gate"},{"task_type":"gat"},{"task_type":"gate","priority":"x","y":1},7,{"task_type":"add","parameters":{"a":1,"b":2}}]
        """;

    [Fact]
    public async Task Batch_Array_AnswersEachInOrder()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        HttpAnswer answer = (await app.PostAsync("/tasks/batch", Mixed)).Is(200);
        Assert.Equal("application/json", answer.ContentType);
        JsonElement[] items = [.. answer.Json.EnumerateArray()];
        Assert.Equal([0, 1, 2, 3, 4], items.Select(item => item.GetProperty("index").GetInt32()));
        Assert.Equal("queued", items[0].GetProperty("task").GetProperty("status").GetString());
        IsProblem(items[1], "unknown-task-type", "task_type");
        Assert.NotEqual(0, items[1].GetProperty("problem").GetProperty("known_task_types").GetArrayLength());
        IsProblem(items[2], "invalid-request", "priority", "y");
        IsProblem(items[3], "invalid-request", "body");
        await app.UntilAsync(items[4].GetProperty("task").GetProperty("task_id").GetString()!, TaskState.Completed);
        Assert.Equal(2, (await app.GetAsync("/tasks/stats")).Member("accepted").GetInt64());
    }

    [Fact]
    public async Task Batch_Lines_AnswersEachInOrder()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        HttpAnswer answer = (await app.SendAsync(HttpMethod.Post, "/tasks/batch", Lines(
            """{"task_type":"gate","tags":["first"]}""", "  ", "{\"task_type\":\"gate\",}", string.Empty, """{"task_type":"gate","task_type":"gate"}""", " {\"task_type\":\"gate\"} \r"))).Is(200);
        JsonElement[] items = [.. answer.Json.EnumerateArray()];
        Assert.Equal([0, 1, 2, 3], items.Select(item => item.GetProperty("index").GetInt32())); // empty lines count for nothing
        Assert.Equal("""["first"]""", items[0].GetProperty("task").GetProperty("tags").GetRawText());
        IsProblem(items[1], "invalid-request", "body");
        IsProblem(items[2], "invalid-request", "body");
        Assert.True(items[3].TryGetProperty("task", out _));
    }

    [Fact]
    public async Task Batch_ThatJoinsALargeTaskAgainAndAgain_IsAnsweredInTheSmallFormFromThereOn()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string large = $$$"""{"task_type":"echo","unique_key":"k","delay_seconds":3600,"parameters":{"text":"{{{new string('x', 200_000)}}}"}}""";
        string id = (await app.PostAsync("/tasks", large)).Is(202).Id;
        string[] lines = [.. Enumerable.Repeat("{\"task_type\":\"echo\",\"unique_key\":\"k\",\"parameters\":{\"text\":\"\"}}", 400), .. Enumerable.Repeat("{\"task_type\":\"gat\"}", 2)];

        HttpAnswer answer = (await app.SendAsync(HttpMethod.Post, "/tasks/batch", Lines(lines))).Is(200);

        Assert.InRange(answer.Text.Length, 32 * 1024 * 1024, 33 * 1024 * 1024);
        JsonElement[] items = [.. answer.Json.EnumerateArray()];
        Assert.Equal(402, items.Length);
        Assert.All(items[..400], item => Assert.Equal((id, "scheduled"), (item.GetProperty("task").GetProperty("task_id").GetString(), item.GetProperty("task").GetProperty("status").GetString())));
        Assert.Equal((true, false), (items[0].GetProperty("task").TryGetProperty("parameters", out _), items[399].GetProperty("task").TryGetProperty("parameters", out _)));
        Assert.Equal("unknown-task-type", items[401].GetProperty("problem").GetProperty("type").GetString()!.Split(':')[^1]);
        Assert.False(items[401].GetProperty("problem").TryGetProperty("known_task_types", out _));
    }

    [Fact]
    public async Task Batch_Tasks_AreAdmittedInTheirOrder()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        HttpAnswer answer = (await app.PostAsync("/tasks/batch", Array(Enumerable.Range(0, 100).Select(i => $$"""{"task_type":"gate","tags":["t{{i}}"]}""")))).Is(200);
        IEnumerable<string> submitted = answer.Json.EnumerateArray().Select(item => item.GetProperty("task").GetProperty("task_id").GetString()!);
        IEnumerable<string> listed = (await app.GetAsync("/tasks")).Member("items").EnumerateArray().Select(task => task.GetProperty("task_id").GetString()!);
        Assert.Equal(submitted, listed.Reverse());
    }

    [Theory]
    [InlineData("[]", "application/json")]
    [InlineData("", "application/x-ndjson")]
    [InlineData("\n\r\n \n", "application/x-ndjson; charset=utf-8")]
    public async Task Batch_OfNothing_AnswersNothing(string body, string mediaType)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        Assert.Equal("[]", (await app.SendAsync(HttpMethod.Post, "/tasks/batch", JsonBodies.Content(Encoding.UTF8.GetBytes(body), mediaType))).Is(200).Text);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("\"x\"")]
    public async Task Batch_NoArray_IsRefused(string body)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        (await app.PostAsync("/tasks/batch", body)).IsInvalid("body");
    }

    [Theory]
    [InlineData("""[{"task_type":"gate"},{"task_type":"gate",}]""")]
    [InlineData("""[{"task_type":"gate"},{"x":1,"x":1}]""")]
    [InlineData("""[{"task_type":"gate"}] x""")]
    [InlineData("""[{"task_type":"gate"}""")]
    [InlineData("""[{"task_type":"gate"}, 1e400]""")]
    public async Task Batch_ArrayWithAFaultOfSyntax_IsRefusedAsAWhole(string body)
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string before = await app.StateAsync();
        (await app.PostAsync("/tasks/batch", body)).IsProblem(400, "malformed-json");
        Assert.Equal(before, await app.StateAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Batch_10000Items_AreTheMost(bool asArray)
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.MaxConcurrency = 0 });
        (await SendAsync(10_000)).Is(200);
        Assert.Equal(10_000, (await app.GetAsync("/tasks/stats")).Member("accepted").GetInt64());
        (await SendAsync(10_001)).IsInvalid("body");
        Assert.Equal(10_000, (await app.GetAsync("/tasks/stats")).Member("accepted").GetInt64());

        Task<HttpAnswer> SendAsync(int count)
        {
            string[] items = [.. Enumerable.Repeat("""{"task_type":"gate"}""", count)];
            return app.SendAsync(HttpMethod.Post, "/tasks/batch", asArray ? HttpApp.JsonContent(Array(items)) : Lines(items));
        }
    }

    [Fact]
    public async Task Batch_NoRoomForAll_TakesAsManyAsThereIsRoomFor()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.QueueCapacity = 2 });
        HttpAnswer answer = (await app.PostAsync("/tasks/batch", Array(Enumerable.Repeat("""{"task_type":"gate"}""", 3)))).Is(200);
        Assert.Equal([true, true, false], answer.Json.EnumerateArray().Select(item => item.TryGetProperty("task", out _)));
        JsonElement problem = answer.Json[2].GetProperty("problem");
        Assert.Equal("urn:taskmanager:problem:queue-full", problem.GetProperty("type").GetString());
        Assert.True(problem.GetProperty("retry_after_seconds").GetInt32() > 0);
    }

    [Fact]
    public async Task Batch_UniqueKeyTwice_AnswersTheSameTaskTwice()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        HttpAnswer answer = (await app.PostAsync("/tasks/batch", Array(Enumerable.Repeat("""{"task_type":"gate","unique_key":"u"}""", 2)))).Is(200);
        Assert.Single(answer.Json.EnumerateArray().Select(item => item.GetProperty("task").GetProperty("task_id").GetString()).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Batch_WithWrongParametersOfItsOwn_NamesThemTogether()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string before = await app.StateAsync();
        (await app.PostAsync("/tasks/batch?atomic=perhaps", "[]", ("Idempotency-Key", "k"))).IsInvalid("Idempotency-Key", "atomic");
        (await app.PostAsync("/tasks/batch?atomic=perhaps", "[]", ("Idempotency-Key", "\"\""))).IsInvalid("Idempotency-Key", "atomic");
        (await app.PostAsync("/tasks/batch?atomic=perhaps", "{}")).IsInvalid("atomic", "body");
        Assert.Equal(before, await app.StateAsync());
    }

    internal static string Array(IEnumerable<string> items) => $"[{string.Join(',', items)}]";

    internal static StringContent Lines(params string[] lines) => HttpApp.JsonContent(string.Join('\n', lines), "application/x-ndjson");

    private static void IsProblem(JsonElement item, string name, params string[] fields)
    {
        JsonElement problem = item.GetProperty("problem");
        Assert.Equal($"urn:taskmanager:problem:{name}", problem.GetProperty("type").GetString());
        Assert.Equal(400, problem.GetProperty("status").GetInt32());
        Assert.Equal(fields, HttpAnswer.ErrorFields(problem));
    }
}
