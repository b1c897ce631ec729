using System.Text.Json;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Api;

[Trait("Proof", "http")]
[Collection(SharedHostProcess.Name)]
public sealed class HostProcessListTests(SharedHostProcess shared)
{
    private readonly HostProcess _host = shared.Host;

    [Fact]
    public async Task Lines_10001Tasks_AreCompleteAndInOrder()
    {
        const string Tag = "lines";
        string line = HostProcess.Sum(0, Tag);
        var submitted = new List<string>();
        foreach (int count in (int[])[10_000, 1])
        {
            HttpAnswer batch = await _host.PostAsync("/tasks/batch", $"[{string.Join(',', Enumerable.Repeat(line, count))}]");
            submitted.AddRange(batch.Is(200).Json.EnumerateArray().Select(item => item.GetProperty("task").GetProperty("task_id").GetString()!));
        }

        submitted.Reverse();
        Assert.Equal(submitted, await ReadLinesAsync($"/tasks?tag={Tag}"));
        Assert.Equal(submitted, await ReadLinesAsync($"/api/v1/tasks?tag={Tag}&limit=1000"));
    }

    [Fact]
    public async Task Lines_ClientGoesMidway_HarmsNobody()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/tasks");
        request.Headers.Accept.ParseAdd("application/x-ndjson");
        using (await _host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken))
        {
        }

        (await _host.GetAsync("/health")).Is(200);
    }

    /// <summary>Reads the ids as they come, a line at a time.</summary>
    private async Task<List<string>> ReadLinesAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("application/x-ndjson");
        using HttpResponseMessage response = await _host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        var ids = new List<string>();
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            ids.Add(JsonElement.Parse(line).GetProperty("task_id").GetString()!);
        }

        return ids;
    }
}
