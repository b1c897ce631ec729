using System.Text.Json;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Conformance;

/// <summary>How workers come, are taken over, and go.</summary>
public sealed class RegistrationTests(ConformanceHost host) : WireTest(host)
{
    [Fact]
    public async Task Register_NewWorker_Is201AndThen200WithTheLease()
    {
        await using var worker = new WireWorker(Wire, WireWorker.NewId(), "first");

        HttpAnswer first = (await worker.RegisterAsync(TaskType)).Is(201);
        HttpAnswer again = (await worker.RegisterAsync(TaskType)).Is(200);

        Assert.True(first.Member("lease_seconds").GetDouble() > 0);
        Assert.Equal(first.Member("lease_seconds").GetDouble() / 3, first.Member("heartbeat_seconds").GetDouble(), precision: 3);
        Assert.Equal(first.Text, again.Text);
    }

    [Fact]
    public async Task Register_UnknownType_IsKnownToSubmitFromThenOn()
    {
        await StartWorkerAsync(OtherTaskType);

        HttpAnswer type = (await Wire.GetAsync($"/task-types/{OtherTaskType}")).Is(200);

        Assert.Equal("workers", type.Member("runs_on").GetString());
        await SubmitAsync(type: OtherTaskType);
    }

    [Theory]
    [InlineData("{}", "incarnation", "task_types", "worker_id")]
    [InlineData("""{"worker_id":"w","incarnation":"i","task_types":["a"]}""", "worker_id")]
    [InlineData("""{"worker_id":"worker-gpu-1","incarnation":"i","task_types":["a"]}""", "worker_id")]
    [InlineData("""{"worker_id":"worker-2-a","incarnation":"","task_types":[]}""", "incarnation", "task_types")]
    [InlineData("""{"worker_id":"worker-2-a","incarnation":"i","task_types":["a"],"slots":1001,"labels":{"a":1},"colour":"red"}""", "colour", "labels.a", "slots")]
    public async Task Register_Wrong_NamesTheFaults(string body, params string[] fields) => (await Wire.PostAsync("/workers/register", body)).IsInvalid(fields);

    [Fact]
    public async Task Register_MalformedOrInAnotherForm_IsRefusedAsEverywhere()
    {
        (await Wire.PostAsync("/workers/register", "{")).IsProblem(400, "malformed-json");
        (await Wire.SendAsync(HttpMethod.Post, Wire.At("/workers/register"), WireClient.Content("{}", "text/plain"))).IsProblem(415, "unsupported-media-type");
        (await Wire.PostAsync("/workers/register", $"\"{new string('x', 64 * 1024)}\"")).IsProblem(413, "too-large");
    }

    [Fact]
    public async Task Register_AnotherIncarnation_TakesOverAtOnce()
    {
        WireWorker old = await StartWorkerAsync();
        Claimed claimed = await BeginAsync(old);
        var renewed = new WireWorker(Wire, old.Id, "second");

        (await renewed.RegisterAsync(TaskType)).Is(200);

        (await old.AskAsync()).IsProblem(409, "stale-incarnation");
        (await old.BeatAsync(claimed)).IsProblem(409, "stale-incarnation");
        (await old.RegisterAsync(TaskType)).IsProblem(409, "stale-incarnation");
        (await old.ReportAsync(claimed, "complete", ",\"result\":1")).IsProblem(409, "lease-lost");
        Claimed next = await renewed.ClaimAsync();
        Assert.Equal(claimed.Id, next.Id);
        Assert.NotEqual(claimed.Token, next.Token);
    }

    [Fact]
    public async Task Workers_List_ShowsWhatEachHolds()
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed claimed = await BeginAsync(worker);

        JsonElement shown = Assert.Single((await Wire.GetAsync("/workers")).Is(200).Member("items").EnumerateArray(), item => item.GetProperty("worker_id").GetString() == worker.Id);

        Assert.Equal((true, 1), (shown.GetProperty("alive").GetBoolean(), shown.GetProperty("busy").GetInt32()));
        Assert.Equal([claimed.Id], shown.GetProperty("task_ids").EnumerateArray().Select(id => id.GetString()));
        Assert.Equal([TaskType], shown.GetProperty("task_types").EnumerateArray().Select(type => type.GetString()));
    }

    [Fact]
    public async Task Leave_Is204AndGivesBackWhatIsInHand()
    {
        WireWorker worker = await StartWorkerAsync();
        Claimed claimed = await BeginAsync(worker);
        (await Wire.DeleteAsync($"/workers/{worker.Id}?incarnation=another")).IsProblem(409, "stale-incarnation");

        (await Wire.DeleteAsync($"/workers/{worker.Id}?incarnation=first")).Is(204);

        HttpAnswer task = await TaskAsync(claimed.Id);
        Assert.Equal(("queued", "no_worker"), (task.TaskStatus, task.Member("waiting_for").GetProperty("reason").GetString()));
        Assert.Equal(("released", 0, 0), (task.Member("attempts")[0].GetProperty("outcome").GetString(), task.Member("failures").GetInt32(), task.Member("rescues").GetInt32()));
        (await worker.ReportAsync(claimed, "complete", ",\"result\":1")).IsProblem(409, "lease-lost");
    }

    [Fact]
    public async Task Worker_ThatIsUnknown_Is404()
    {
        string id = WireWorker.NewId();

        (await Wire.PostAsync($"/workers/{id}/claim", "{}")).IsProblem(404, "worker-not-found");
        (await Wire.PostAsync($"/workers/{id}/heartbeat", "{}")).IsProblem(404, "worker-not-found");
        (await Wire.DeleteAsync($"/workers/{id}")).IsProblem(404, "worker-not-found");
    }
}
