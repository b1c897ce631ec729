using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Api;

[Trait("Proof", "http")]
[Collection(SharedHostProcess.Name)]
public sealed class HostProcessLongPollTests(SharedHostProcess shared)
{
    private readonly HostProcess _host = shared.Host;

    [Fact]
    public async Task LongPoll_TaskCompletes_AnswersLongBeforeItsTimeIsOver()
    {
        string id = await _host.SubmitAsync(0.5);
        long started = TimeProvider.System.GetTimestamp();
        HttpAnswer answer;
        do
        {
            answer = (await _host.GetAsync($"/tasks/{id}?wait=true&timeout=60")).Is(200);
        }
        while (!answer.Member("done").GetBoolean());

        Assert.Equal("completed", answer.TaskStatus);
        Assert.Equal("""{"sum":3}""", answer.Member("result").GetRawText());
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(30), "The poll slept through the end of its task.");
    }

    [Fact]
    public async Task Submit_PreferWait_AnswersTheResult()
    {
        HttpAnswer answer = await _host.SendAsync(HttpMethod.Post, "/api/v1/tasks", HostProcess.Sum(0), ("Prefer", "wait=60"));
        Assert.Equal("completed", answer.Is(200).TaskStatus);
        Assert.Equal($"/api/v1/tasks/{answer.Id}", answer.Header("Location"));
    }

    [Fact]
    public async Task LongPoll_ClientsGo_LeaveNoWaiterBehind()
    {
        string id = await _host.SubmitAsync(3600);
        await _host.UntilStatusAsync(id, "processing");
        using (var gone = new CancellationTokenSource())
        {
            Task<HttpResponseMessage>[] polls = [.. Enumerable.Range(0, 50).Select(_ => _host.Client.GetAsync(new Uri($"/tasks/{id}?wait=true&timeout=60", UriKind.Relative), gone.Token))];
            await Patience.UntilAsync(async () => await _host.WaitersAsync() == polls.Length);
            await gone.CancelAsync();
            Assert.All(await Task.WhenAll(polls.Select(async poll => await Record.ExceptionAsync(() => poll))), error => Assert.IsType<OperationCanceledException>(error, exactMatch: false));
        }

        await Patience.UntilAsync(async () => await _host.WaitersAsync() == 0);
        await _host.SendAsync(HttpMethod.Delete, $"/tasks/{id}");
        await _host.UntilStatusAsync(id, "cancelled");
    }

    [Fact]
    public async Task LongPoll_FiveHundredOnOneTask_AnswerTheSameAndLeaveNoWaiterBehind()
    {
        string id = await _host.SubmitAsync(3600);
        await _host.UntilStatusAsync(id, "processing");
        Task<HttpAnswer>[] polls = [.. Enumerable.Range(0, 500).Select(_ => _host.GetAsync($"/tasks/{id}?wait=true&timeout=60"))];
        await Patience.UntilAsync(async () => await _host.WaitersAsync() == polls.Length);

        await _host.SendAsync(HttpMethod.Delete, $"/tasks/{id}");

        HttpAnswer[] answers = await Task.WhenAll(polls);
        Assert.Single(answers.Select(answer => answer.Is(200).Text).Distinct(StringComparer.Ordinal));
        Assert.Equal("cancelled", answers[0].TaskStatus);
        Assert.Equal(0, await _host.WaitersAsync());
    }

    [Fact]
    public async Task Cancel_RunningTask_IsFelt()
    {
        string id = await _host.SubmitAsync(3600);
        await _host.UntilStatusAsync(id, "processing");
        HttpAnswer asked = await _host.PostAsync($"/tasks/{id}/cancel");
        Assert.True(asked.Status is 200 or 202, asked.Text); // 202 only if the machine is too busy for a second
        await _host.UntilStatusAsync(id, "cancelled");
    }
}
