using System.Text.Json;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Conformance;

/// <summary><c>POST /tasks/batch</c>.</summary>
public sealed class BatchTests(ConformanceHost host) : WireTest(host)
{
    private const string Lines = "application/x-ndjson";

    [Fact]
    public async Task Batch_Array_Is200WithATaskOrAProblemForEachInOrder()
    {
        HttpAnswer answer = (await BatchAsync($"[{Body()},{Body(type: NewKey())},{Body("\"priority\":\"x\",\"y\":1")},7,{Body("\"delay_seconds\":60")}]")).Is(200);

        JsonElement[] items = [.. answer.Json.EnumerateArray()];
        Assert.Equal([0, 1, 2, 3, 4], items.Select(item => item.GetProperty("index").GetInt32()));
        Assert.Equal("queued", items[0].GetProperty("task").GetProperty("status").GetString());
        AssertProblem(items[1], "unknown-task-type", "task_type");
        AssertProblem(items[2], "invalid-request", "priority", "y");
        AssertProblem(items[3], "invalid-request", "body");
        Assert.Equal("scheduled", items[4].GetProperty("task").GetProperty("status").GetString());
    }

    [Fact]
    public async Task Batch_Lines_AreTakenLikeAnArray()
    {
        HttpAnswer answer = (await BatchAsync($"{Body("\"tags\":[\"first\"]")}\n\n{{\n{Body()}", mediaType: Lines)).Is(200);

        JsonElement[] items = [.. answer.Json.EnumerateArray()];
        Assert.Equal([0, 1, 2], items.Select(item => item.GetProperty("index").GetInt32()));
        Assert.Equal("""["first"]""", items[0].GetProperty("task").GetProperty("tags").GetRawText());
        AssertProblem(items[1], "invalid-request", "body");
        Assert.True(items[2].TryGetProperty("task", out _));
    }

    [Fact]
    public async Task Batch_Tasks_AreAdmittedInTheirOrder()
    {
        string tag = NewKey();
        string items = string.Join(',', Enumerable.Repeat(Body($"\"tags\":[\"{tag}\"]"), 20));

        IEnumerable<string> submitted = (await BatchAsync($"[{items}]")).Is(200).Json.EnumerateArray().Select(item => IdOf(item.GetProperty("task")));

        Assert.Equal(submitted, Ids(await Wire.GetAsync($"/tasks?tag={tag}")).Reverse());
    }

    [Fact]
    public async Task Batch_OfNothing_AnswersNothing()
    {
        Assert.Equal("[]", (await BatchAsync("[]")).Is(200).Text);
        Assert.Equal("[]", (await BatchAsync(string.Empty, mediaType: Lines)).Is(200).Text);
    }

    [Fact]
    public async Task Batch_NoArray_IsRefused() => (await BatchAsync("{}")).IsInvalid("body");

    [Fact]
    public async Task Batch_MalformedArray_IsRefusedAsAWhole()
    {
        string tag = NewKey();

        (await BatchAsync($"[{Body($"\"tags\":[\"{tag}\"]")},")).IsProblem(400, "malformed-json");

        Assert.Empty(Ids(await Wire.GetAsync($"/tasks?tag={tag}")));
    }

    [Fact]
    public async Task Batch_AtomicAndAllRight_AdmitsAll() =>
        Assert.Equal(2, (await BatchAsync($"[{Body()},{Body()}]", "?atomic=true")).Is(200).Json.EnumerateArray().Count(item => item.TryGetProperty("task", out _)));

    [Fact]
    public async Task Batch_AtomicAndOneWrong_AdmitsNoneAndNamesAllFaultsByIndex()
    {
        string tag = NewKey();
        string right = Body($"\"tags\":[\"{tag}\"]");

        (await BatchAsync($"[{right},{Body("\"x\":1", NewKey())},7,{right},{Body($"\"depends_on\":[\"{UnknownId}\"]")}]", "?atomic=true"))
            .IsInvalid("[1].task_type", "[1].x", "[2].body", "[4].depends_on");

        Assert.Empty(Ids(await Wire.GetAsync($"/tasks?tag={tag}")));
    }

    [Fact]
    public async Task Batch_IdempotencyKey_IsRefused() => (await BatchAsync("[]", headers: ("Idempotency-Key", NewKey()))).IsInvalid("Idempotency-Key");

    [Fact]
    public async Task Batch_WrongFlag_IsNamed() => (await BatchAsync("[]", "?atomic=perhaps")).IsInvalid("atomic");

    [Fact]
    public async Task Batch_MoreThan10000_IsRefused()
    {
        string tag = NewKey();
        string items = string.Join(',', Enumerable.Repeat(Body($"\"tags\":[\"{tag}\"]"), 10_001));

        (await BatchAsync($"[{items}]")).IsInvalid("body");

        Assert.Empty(Ids(await Wire.GetAsync($"/tasks?tag={tag}")));
    }

    [Fact]
    public async Task Batch_MoreThan8MiB_Is413()
    {
        // Asks before it sends: a server may close on a body that it does not want.
        using ByteArrayContent body = WireClient.Content(new string(' ', (8 * 1024 * 1024) + 1));
        using var request = new HttpRequestMessage(HttpMethod.Post, Wire.At("/tasks/batch")) { Content = body, Headers = { ExpectContinue = true } };
        using HttpResponseMessage response = await Wire.Http.SendAsync(request, TestContext.Current.CancellationToken);

        (await HttpAnswer.ReadAsync(response)).IsProblem(413, "too-large");
    }

    private Task<HttpAnswer> BatchAsync(string body, string query = "", string mediaType = "application/json", params (string Name, string Value)[] headers) =>
        PostAsync(WireClient.Content(body, mediaType), $"/tasks/batch{query}", headers);

    private static void AssertProblem(JsonElement item, string name, params string[] fields)
    {
        JsonElement problem = item.GetProperty("problem");
        Assert.Equal(($"urn:taskmanager:problem:{name}", 400), (problem.GetProperty("type").GetString(), problem.GetProperty("status").GetInt32()));
        Assert.Equal(fields, HttpAnswer.ErrorFields(problem));
    }
}
