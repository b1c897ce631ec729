using System.Text.Json;

namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class ListLinesTests
{
    private static readonly (string, string) Lines = ("Accept", "application/x-ndjson");

    [Fact]
    public async Task Lines_WholeMatch_InTheOrderOfThePages()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.MaxConcurrency = 0 });
        HttpAnswer batch = await app.PostAsync("/tasks/batch", BatchTests.Array(Enumerable.Range(0, 2500).Select(i => $$"""{"task_type":"gate","tags":["{{i % 2}}"]}""")));
        string[] ids = [.. batch.Is(200).Json.EnumerateArray().Select(item => ListTests.IdOf(item.GetProperty("task"))).Reverse()];
        HttpAnswer all = (await app.GetAsync("/tasks", Lines)).Is(200);
        Assert.Equal("application/x-ndjson", all.ContentType);
        Assert.Equal("private, no-cache", all.Header("Cache-Control"));
        Assert.Equal(ids, IdsOf(all));
        Assert.Equal(ids.Where((_, index) => index % 2 == 0), IdsOf(await app.GetAsync("/tasks?tag=1&limit=7", Lines))); // a limit is the size of a page, not of the stream
    }

    [Fact]
    public async Task Lines_EachIsTheTaskAsEverywhereElse()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string id = await app.SubmitToEndAsync("echo", "{\n  \"text\": \"a\\nb\\u2028c\",\r\n  \"n\": [1,\r2]\n}");
        HttpAnswer answer = await app.GetAsync("/tasks", Lines);
        string line = Assert.Single(answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.True(JsonElement.DeepEquals((await app.GetAsync($"/tasks/{id}")).Json, JsonElement.Parse(line)));
    }

    [Fact]
    public async Task Lines_FromACursorOn_AreTheRest()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string[] ids = [await app.SubmitAsync("echo"), await app.SubmitAsync("echo"), await app.SubmitAsync("echo")];
        string cursor = (await app.GetAsync("/tasks?limit=1")).Member("next_cursor").GetString()!;
        Assert.Equal([ids[1], ids[0]], IdsOf(await app.GetAsync($"/tasks?cursor={cursor}", Lines)));
    }

    [Fact]
    public async Task Lines_OfNothing_AreNothing()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        Assert.Equal(string.Empty, (await app.GetAsync("/tasks?status=failed", Lines)).Is(200).Text);
    }

    [Fact]
    public async Task Lines_ProcessShutsDownMidway_AreCutOffAndNotEnded()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { OnKestrel = true, Tasks = options => options.MaxConcurrency = 0 });
        string large = new('x', 20_000);
        TaskRequest[] requests = [.. Enumerable.Repeat(new TaskRequest("echo", JsonElement.Parse($"\"{large}\"")), 2_000)];
        await app.Tasks.TrySubmitManyAsync(requests, cancellationToken: TestContext.Current.CancellationToken);
        using HttpClient slow = SlowConnection.NewClient(app.Address);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/tasks?limit=10");
        request.Headers.Accept.ParseAdd("application/x-ndjson");
        using HttpResponseMessage response = await slow.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        Task stopping = app.Host.StopAsync(TestContext.Current.CancellationToken);
        await Patience.UntilAsync(() => app.Tasks.Stopping.IsCancellationRequested);

        // A list that ended like any other would pass for the whole of it.
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken).WithPatienceAsync());
        await stopping.WithPatienceAsync();
    }

    private static IEnumerable<string> IdsOf(HttpAnswer answer) =>
        answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => ListTests.IdOf(JsonElement.Parse(line)));
}
