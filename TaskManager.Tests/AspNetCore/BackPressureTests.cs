namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class BackPressureTests
{
    [Fact]
    public async Task Submit_QueueIsFull_Is503UntilThereIsRoom()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.QueueCapacity = 2 });
        string running = await app.SubmitRunningAsync();
        string scheduled = await app.SubmitAsync("gate", "{}", "\"delay_seconds\":60");
        string before = await app.StateAsync();
        HttpAnswer refused = await app.PostAsync("/tasks", """{"task_type":"gate"}""");
        refused.IsProblem(503, "queue-full");
        Assert.True(refused.RetryAfter > 0);
        Assert.Equal(before, await app.StateAsync());

        (await app.DeleteAsync($"/tasks/{scheduled}")).Is(200);
        (await app.PostAsync("/tasks", """{"task_type":"gate"}""")).Is(202);
        (await app.PostAsync("/tasks", """{"task_type":"gate"}""")).Is(503);
        app.Handlers.Release();
        await app.UntilAsync(running, TaskState.Completed);
        (await app.PostAsync("/tasks", """{"task_type":"gate"}""")).Is(202);
    }

    [Fact]
    public async Task Submit_StoredBytesAreUsedUp_Is503()
    {
        const int Mebibyte = 1024 * 1024;
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup
        {
            Tasks = options => (options.MaxConcurrency, options.MaxStoredBytes, options.MaxParametersBytes) = (0, Mebibyte, 2 * Mebibyte),
        });
        (await app.PostAsync("/tasks", $$"""{"task_type":"echo","parameters":"{{new string('x', Mebibyte)}}"}""")).Is(202);
        (await app.PostAsync("/tasks", """{"task_type":"gate"}""")).IsProblem(503, "queue-full");
    }

    [Fact]
    public async Task Submit_ManyAtOnceIntoASmallQueue_AsManyPassAsThereIsRoomFor()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.QueueCapacity = 7 });
        HttpAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.PostAsync("/tasks", """{"task_type":"gate"}""")));
        Assert.Equal(7, answers.Count(answer => answer.Status == 202));
        Assert.Equal(43, answers.Count(answer => answer.Status == 503));
        Assert.Equal(7, (await app.GetAsync("/tasks/stats")).Member("accepted").GetInt64());
    }

    [Fact]
    public async Task Drain_EndsLongPollsAndRefusesSubmissions_ButStillAnswers()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.MaxConcurrency = 1 });
        string running = await app.SubmitRunningAsync("stubborn");
        string queued = await app.SubmitAsync("gate");
        Task<HttpAnswer> waiting = await app.BeginAsync(sender => sender.GetAsync($"/tasks/{queued}?wait=true&timeout=60"));
        Task<HttpAnswer> known = await app.BeginAsync(sender => sender.GetAsync($"/tasks/{running}/result?wait=true&timeout=60"));
        Task stopping = app.Host.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal("queued", (await waiting).Is(200).TaskStatus);
        Assert.Equal("processing", (await known).Is(202).TaskStatus);
        HttpAnswer refused = await app.PostAsync("/tasks", """{"task_type":"gate"}""");
        refused.IsProblem(503, "stopping");
        Assert.True(refused.RetryAfter > 0);
        (await app.PostAsync("/tasks/batch?atomic=true", """[{"task_type":"gate"}]""")).IsProblem(503, "stopping");
        Assert.Equal("queued", (await app.GetAsync($"/tasks/{queued}?wait=true&timeout=60")).Is(200).TaskStatus);
        HttpAnswer asked = (await app.PostAsync($"/tasks/{running}/cancel")).Is(202);
        Assert.True(asked.Member("cancel_requested").GetBoolean());
        app.Handlers.Release();
        await stopping.WithPatienceAsync();
    }
}
