using System.Security.Cryptography;
using System.Text.Json;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Conformance;

/// <summary>What every test of the wire has: a client, two task types that nobody else uses, and the duty to leave nothing behind.</summary>
[Trait("Proof", "wire")]
[Collection(ConformanceHost.Name)]
public abstract class WireTest(ConformanceHost host) : IAsyncLifetime
{
    private protected const string UnknownId = "01980000-0000-7000-8000-000000000000";

    private readonly List<string> _tasks = [];
    private readonly List<WireWorker> _workers = [];

    private protected static string TaskType => ConformanceHost.TaskType;

    private protected static string OtherTaskType => ConformanceHost.OtherTaskType;

    private protected WireClient Wire => host.Wire;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (WireWorker worker in _workers)
        {
            await worker.DisposeAsync(); // what it held is free to be removed
        }

        foreach (string id in Enumerable.Reverse(_tasks)) // those that depend on others first
        {
            Assert.Contains((await Wire.DeleteAsync($"/tasks/{id}?purge=true")).Status, (int[])[202, 204, 404, 410]);
        }
    }

    /// <summary>Makes up a word that was never used before: the suite may run again and again against the same service.</summary>
    private protected static string NewKey() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>Writes a submission to the first of the types.</summary>
    private protected static string Body(string more = "", string? type = null) => $$"""{"task_type":"{{type ?? TaskType}}"{{(more.Length == 0 ? string.Empty : $",{more}")}}}""";

    private protected Task<HttpAnswer> PostAsync(string body, params (string Name, string Value)[] headers) => PostAsync(WireClient.Content(body), "/tasks", headers);

    /// <summary>Submits, and remembers what is to be removed.</summary>
    private protected async Task<HttpAnswer> PostAsync(HttpContent body, string path, params (string Name, string Value)[] headers)
    {
        HttpAnswer answer = await Wire.SendAsync(HttpMethod.Post, Wire.At(path), body, headers);
        if (answer.Status < 300)
        {
            _tasks.AddRange(answer.Json.ValueKind == JsonValueKind.Array
                ? answer.Json.EnumerateArray().Where(item => item.TryGetProperty("task", out _)).Select(item => IdOf(item.GetProperty("task")))
                : [answer.Id]);
        }

        return answer;
    }

    private protected async Task<string> SubmitAsync(string more = "", string? type = null) => (await PostAsync(Body(more, type))).Is(202).Id;

    private protected async Task<WireWorker> StartWorkerAsync(params string[] types)
    {
        WireWorker worker = await WireWorker.RegisterAsync(Wire, types.Length == 0 ? [TaskType] : types);
        _workers.Add(worker);
        return worker;
    }

    /// <summary>Submits a task, and begins it.</summary>
    private protected async Task<Claimed> BeginAsync(WireWorker worker, string more = "")
    {
        string id = await SubmitAsync(more);
        Claimed claimed = await worker.ClaimAsync();
        Assert.Equal(id, claimed.Id);
        return claimed;
    }

    private protected async Task<string> CompletedAsync(WireWorker worker, string more = "", string result = "null")
    {
        Claimed claimed = await BeginAsync(worker, more);
        await worker.CompleteAsync(claimed, result);
        return claimed.Id;
    }

    private protected async Task<string> FailedAsync(WireWorker worker, string more = "")
    {
        Claimed claimed = await BeginAsync(worker, more);
        await worker.FailAsync(claimed);
        return claimed.Id;
    }

    private protected async Task<HttpAnswer> TaskAsync(string id) => (await Wire.GetAsync($"/tasks/{id}")).Is(200);

    /// <summary>Polls until the task is done.</summary>
    private protected Task<HttpAnswer> EndAsync(string id) => PollAsync(id, task => task.Member("done").GetBoolean());

    /// <summary>Polls until the task has the status.</summary>
    private protected Task<HttpAnswer> UntilStatusAsync(string id, string status) => PollAsync(id, task => task.TaskStatus == status);

    /// <summary>Polls, each time from the version that was seen last on.</summary>
    private async Task<HttpAnswer> PollAsync(string id, Func<HttpAnswer, bool> isEnough)
    {
        HttpAnswer task = await TaskAsync(id);
        await Patience.UntilAsync(async () =>
            isEnough(task) || isEnough(task = (await Wire.GetAsync($"/tasks/{id}?wait=true&timeout={WireClient.Long}", ("If-None-Match", task.Header("ETag")!))).Is(200)));
        return task;
    }

    private protected static string IdOf(JsonElement task) => task.GetProperty("task_id").GetString()!;

    private protected static IEnumerable<string> Ids(HttpAnswer page) => page.Is(200).Member("items").EnumerateArray().Select(IdOf);

    private protected static IEnumerable<string> Members(JsonElement json) => json.EnumerateObject().Select(member => member.Name);
}
