using System.Net.WebSockets;
using System.Text.Json;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Api;

[Trait("Proof", "http")]
public sealed class HostProcessStreamTests
{
    [Fact]
    public async Task Stream_CutOffAgainAndAgain_GivesEveryEventOnceAndInOrder()
    {
        await using HostProcess host = await HostProcess.StartAsync("--TaskManager:MaxConcurrency=2");
        string id = (await host.PostAsync("/tasks", """{"task_type":"long","parameters":{"duration":3,"steps":20}}""")).Is(202).Id;
        await using EventStreamClient witness = await EventStreamClient.OpenAsync(host.Client, $"/tasks/{id}/events");
        Task<List<ServerSentEvent>> seen = witness.ReadToEndAsync();

        var whole = new List<ServerSentEvent>();
        bool isOver = false;
        while (!isOver)
        {
            // A connection of its own, which is cut off in the middle: of the stream, and of whatever is on its way.
            using var client = new HttpClient { BaseAddress = host.Client.BaseAddress };
            EventStreamClient stream = await EventStreamClient.OpenAsync(client, $"/tasks/{id}/events", whole.LastOrDefault()?.Id);
            await using (stream)
            {
                for (int i = 0; i < 3 && !isOver; i++)
                {
                    if (await stream.NextAsync() is { } happened)
                    {
                        whole.Add(happened);
                        isOver = happened.Gist == "completed";
                    }
                }
            }
        }

        Assert.Equal(await seen, whole);
        Assert.Equal(["queued", "processing"], whole[..2].Select(e => e.Gist));
        double[] steps = [.. whole.Where(e => e.Name == "progress").Select(e => e.Json.GetProperty("progress").GetProperty("step").GetDouble())];
        Assert.Equal(steps.Distinct().Order(), steps);
        Assert.Equal(20, steps[^1]);
        await Patience.UntilAsync(async () => await SubscribersAsync(host) == 0);
    }

    [Fact]
    public async Task Stream_OfAllTasksCutOffUnderLoad_LosesNothingAndTellsNothingTwice()
    {
        const int Tasks = 2_000;
        await using HostProcess host = await HostProcess.StartAsync();
        EventStreamClient stream = await EventStreamClient.OpenAsync(host.Client, "/tasks/events?status=completed");
        Task<HttpAnswer[]> submitting = Task.WhenAll(Enumerable.Range(0, 10).Select(_ => SubmitBatchAsync(host, Tasks / 10)));

        var told = new List<string>();
        while (told.Count < Tasks)
        {
            string last = string.Empty;
            foreach (ServerSentEvent happened in await stream.ReadAsync(Math.Min(97, Tasks - told.Count)))
            {
                told.Add(happened.Text("task_id"));
                last = happened.Id!;
            }

            await stream.DisposeAsync();
            stream = await EventStreamClient.OpenAsync(host.Client, "/tasks/events?status=completed", last);
        }

        await stream.DisposeAsync();
        IEnumerable<string> accepted = (await submitting).SelectMany(answer => answer.Is(200).Json.EnumerateArray()).Select(item => item.GetProperty("task").GetProperty("task_id").GetString()!);
        Assert.Equal(accepted.Order(), told.Order());
        await Patience.UntilAsync(async () => await SubscribersAsync(host) == 0);
    }

    [Fact]
    public async Task Streams_Terminated_EndAtOnceAlsoForWhoDoesNotRead()
    {
        // The drain would take an hour, and the test a hang: what ends before does not wait for it.
        await using HostProcess host = await HostProcess.StartAsync("--TaskManager:DrainTimeout=01:00:00");
        string id = await host.SubmitAsync(3600);
        await host.UntilStatusAsync(id, "processing");
        await using EventStreamClient one = await EventStreamClient.OpenAsync(host.Client, $"/tasks/{id}/events");
        await using EventStreamClient all = await EventStreamClient.OpenAsync(host.Client, "/api/v1/tasks/events");
        await using SocketClient socket = await SocketClient.ConnectAsync(host.Client.BaseAddress!);
        await one.ReadAsync(2);
        await host.TerminateAsync();

        await one.ReadToEndAsync();
        await all.ReadToEndAsync();
        Assert.Null(await socket.NextAsync());
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.Socket.CloseStatus);
        Assert.Equal("processing", (await host.GetAsync($"/tasks/{id}")).Is(200).TaskStatus);
        Assert.Equal(0, await SubscribersAsync(host));
    }

    [Fact]
    public async Task Terminate_ReadersDoNotRead_EndsAllTheSame()
    {
        await using HostProcess host = await HostProcess.StartAsync("--TaskManager:DrainTimeout=01:00:00");
        using HttpClient slow = SlowConnection.NewClient(host.Client.BaseAddress!);
        await using EventStreamClient stream = await EventStreamClient.OpenAsync(slow, "/tasks/events");
        await using SocketClient socket = await SocketClient.ConnectAsync(host.Client.BaseAddress!);
        await socket.SendAsync("""{"subscribe":{}}""");
        await Patience.UntilAsync(async () => await SubscribersAsync(host) == 2);
        for (int i = 0; i < 2; i++)
        {
            await RunBatchAsync(host, 10_000);
        }

        await host.TerminateAsync();

        Assert.Equal(0, await host.ExitAsync());
    }

    internal static async Task<long> SubscribersAsync(HostProcess host) =>
        (await host.GetAsync("/tasks/stats")).Is(200).Member("bounds").GetProperty("subscribers").GetProperty("used").GetInt64();

    /// <summary>Submits tasks, and waits until the last of them has ended.</summary>
    internal static async Task RunBatchAsync(HostProcess host, int count)
    {
        JsonElement[] items = [.. (await SubmitBatchAsync(host, count)).Is(200).Json.EnumerateArray()];
        Assert.All(items, item => Assert.True(item.TryGetProperty("task", out _)));
        string last = items[^1].GetProperty("task").GetProperty("task_id").GetString()!;
        await Patience.UntilAsync(async () => (await host.GetAsync($"/tasks/{last}/result?wait=true&timeout=10")).Status == 200);
    }

    private static Task<HttpAnswer> SubmitBatchAsync(HostProcess host, int count) =>
        host.PostAsync("/tasks/batch", JsonSerializer.Serialize(Enumerable.Repeat(new { task_type = "add", parameters = new { a = 1, b = 2 } }, count)));
}
