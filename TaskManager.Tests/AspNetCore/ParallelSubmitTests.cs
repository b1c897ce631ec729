namespace TaskManager.Tests.AspNetCore;

/// <summary>Two hundred submissions at once, on a real server: each kind of key makes one task of them, and tells the others so.</summary>
[Trait("Proof", "http")]
public sealed class ParallelSubmitTests
{
    private const int Parallel = 200;

    [Fact]
    public async Task IdempotencyKey_SentAtOnce_MakesOneTaskAndReplaysTheOthers()
    {
        await using HttpApp app = await StartAsync();

        HttpAnswer[] answers = await SubmitAtOnceAsync(app, """{"task_type":"gate"}""", ("Idempotency-Key", "k"));

        Assert.All(answers, answer => answer.Is(202));
        Assert.Single(answers.Select(answer => answer.Id).Distinct(StringComparer.Ordinal));
        Assert.Equal(Parallel - 1, answers.Count(answer => answer.Header("Idempotency-Replayed") == "true"));
        Assert.Equal(1, await AcceptedAsync(app));
    }

    [Fact]
    public async Task UniqueKey_SentAtOnce_MakesOneTaskAndJoinsTheOthers()
    {
        await using HttpApp app = await StartAsync();

        HttpAnswer[] answers = await SubmitAtOnceAsync(app, """{"task_type":"gate","unique_key":"u"}""");

        Assert.All(answers, answer => answer.Is(202));
        Assert.Single(answers.Select(answer => answer.Id).Distinct(StringComparer.Ordinal));
        Assert.Equal(Parallel - 1, answers.Count(answer => answer.Header("Task-Reused") == "unique-key"));
        Assert.Equal(1, await AcceptedAsync(app));
    }

    [Fact]
    public async Task ReuseResult_SentAtOnce_AnswersAllWithTheOneResult()
    {
        await using HttpApp app = await StartAsync();
        string first = await app.SubmitToEndAsync("echo", "[1]", "\"reuse_result_for_seconds\":60");

        HttpAnswer[] answers = await SubmitAtOnceAsync(app, """{"task_type":"echo","parameters":[1],"reuse_result_for_seconds":60}""");

        Assert.All(answers, answer => Assert.Equal((first, "completed", "result"), (answer.Is(200).Id, answer.TaskStatus, answer.Header("Task-Reused"))));
        Assert.Equal(1, await AcceptedAsync(app));
    }

    private static Task<HttpApp> StartAsync() => HttpApp.StartAsync(new HttpAppSetup { OnKestrel = true });

    private static async Task<HttpAnswer[]> SubmitAtOnceAsync(HttpApp app, string json, params (string Name, string Value)[] headers)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously); // they begin beside each other, not one in the other's wake
        Task<HttpAnswer>[] submitting = [.. Enumerable.Range(0, Parallel).Select(async _ =>
        {
            await start.Task;
            return await app.PostAsync("/tasks", json, headers);
        })];
        start.SetResult();
        return await Task.WhenAll(submitting);
    }

    private static async Task<long> AcceptedAsync(HttpApp app) => (await app.GetAsync("/tasks/stats")).Is(200).Member("accepted").GetInt64();
}
