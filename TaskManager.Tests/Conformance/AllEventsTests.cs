using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Conformance;

/// <summary><c>GET /tasks/events</c>. Other clients may be at work too, so that each test listens to its own types alone.</summary>
public sealed class AllEventsTests(ConformanceHost host) : WireTest(host)
{
    [Fact]
    public async Task Stream_BeginsNowAndTellsOfEveryTask()
    {
        await SubmitAsync();
        await using WireStream stream = await Wire.StreamAsync($"/tasks/events?type={TaskType}&type={OtherTaskType}");

        string[] ids = [await SubmitAsync(), await SubmitAsync(type: OtherTaskType)];

        Assert.Equal(ids, (await stream.ReadAsync(2)).Select(e => e.Text("task_id")));
    }

    [Fact]
    public async Task Stream_Filtered_TellsOfThatAlone()
    {
        WireWorker worker = await StartWorkerAsync(TaskType, OtherTaskType);
        await using WireStream completed = await Wire.StreamAsync($"/tasks/events?type={TaskType}&status=completed");
        await using WireStream ended = await Wire.StreamAsync($"/tasks/events?type={TaskType},{OtherTaskType}&status=completed,failed");
        string failed = await FailedAsync(worker);
        string other = await SubmitAsync(type: OtherTaskType);
        await worker.CompleteAsync(await worker.ClaimAsync());
        string done = await CompletedAsync(worker);

        Assert.Equal(done, (await completed.NextAsync())!.Text("task_id"));
        Assert.Equal([failed, other, done], (await ended.ReadAsync(3)).Select(e => e.Text("task_id")));
    }

    [Fact]
    public async Task Resume_CutOffAfterEveryEvent_SeesEachOnceAndInOrder()
    {
        string path = $"/tasks/events?type={TaskType}&status=queued";
        WireStream stream = await Wire.StreamAsync(path);
        var submitted = new List<string>();
        var told = new List<string>();
        for (int i = 0; i < 10; i++)
        {
            submitted.AddRange([await SubmitAsync(), await SubmitAsync()]);
            ServerSentEvent happened = (await stream.NextAsync())!;
            told.Add(happened.Text("task_id"));
            await stream.DisposeAsync();
            stream = await Wire.StreamAsync(path, happened.Id);
        }

        told.AddRange((await stream.ReadAsync(10)).Select(e => e.Text("task_id")));
        await stream.DisposeAsync();
        Assert.Equal(submitted, told);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("ffffffff-1")]
    public async Task Resume_BehindWhatWasNeverGivenOut_IsAResetWithNothingAndGoesOn(string lastEventId)
    {
        await using WireStream stream = await Wire.StreamAsync($"/tasks/events?type={TaskType}", lastEventId);
        ServerSentEvent reset = (await stream.NextAsync())!;

        string id = await SubmitAsync();

        Assert.Equal("reset", reset.Name);
        Assert.Equal(id, (await stream.NextAsync())!.Text("task_id"));
    }

    [Theory]
    [InlineData("status=done", "status")]
    [InlineData("type=nobody_knows_it&status=", "status", "type")]
    public async Task Stream_WrongValue_IsNamed(string query, params string[] fields) => (await Wire.GetAsync($"/tasks/events?{query}")).IsInvalid(fields);
}
