using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Api.Samples;

/// <summary>The whole host on a clock of the test's own.</summary>
[Trait("Proof", "http")]
public sealed class SamplePauseTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly WebApplicationFactory<Program> _service = new();
    private readonly WebApplicationFactory<Program> _factory;
    private readonly HttpClient _client;

    public SamplePauseTests()
    {
        _factory = _service.WithWebHostBuilder(builder => builder
            .UseSetting("RateLimit:Enabled", "false")
            .ConfigureTestServices(services => services.AddSingleton<TimeProvider>(_clock)));
        _client = _factory.CreateClient();
    }

    public void Dispose()
    {
        _client.Dispose();
        _factory.Dispose();
        _service.Dispose();
    }

    [Fact]
    public async Task Pause_FiveThatRun_LetsFiveOthersRunAndAllCompleteInTheirFirstAttempt()
    {
        string[] first = await SubmitAsync();
        await UntilAllAsync(first, "processing");
        Task<HttpAnswer>[] pausing = [.. first.Select(id => SendAsync(HttpMethod.Post, $"/tasks/{id}/pause"))];
        await UntilAllAsync(first, "paused"); // each at its next step
        foreach (HttpAnswer answer in await Task.WhenAll(pausing))
        {
            Assert.True(answer.Status is 200 or 202, answer.Text); // 202 where the clock was ahead of the handler
        }

        string[] others = await SubmitAsync();
        await UntilAllAsync(others, "processing"); // all five slots are theirs
        Assert.All(await StatusesAsync(first), status => Assert.Equal("paused", status));
        foreach (string id in first)
        {
            (await SendAsync(HttpMethod.Post, $"/tasks/{id}/resume")).Is(200);
        }

        await UntilAllAsync([.. first, .. others], "completed");
        foreach (string id in first.Concat(others))
        {
            HttpAnswer task = (await SendAsync(HttpMethod.Get, $"/tasks/{id}")).Is(200);
            Assert.Equal(1, task.Member("attempt").GetInt32());
            Assert.Equal(40, task.Member("result").GetProperty("steps_completed").GetInt32());
        }
    }

    private async Task<string[]> SubmitAsync()
    {
        string[] ids = new string[5];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = (await SendAsync(HttpMethod.Post, "/tasks", """{"task_type":"long","parameters":{"duration":4,"steps":40}}""")).Is(202).Id;
        }

        return ids;
    }

    /// <summary>Lets the clock go on, a little at a time, until all tasks stand as asked.</summary>
    private Task UntilAllAsync(string[] ids, string status) => Patience.UntilAsync(async () =>
    {
        if ((await StatusesAsync(ids)).All(each => each == status))
        {
            return true;
        }

        _clock.Advance(TimeSpan.FromSeconds(SampleHost.StepSeconds / 4));
        return false;
    });

    private async Task<string[]> StatusesAsync(string[] ids) => await Task.WhenAll(ids.Select(async id => (await SendAsync(HttpMethod.Get, $"/tasks/{id}/status")).Is(200).TaskStatus));

    private async Task<HttpAnswer> SendAsync(HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = json is null ? null : HttpApp.JsonContent(json) };
        using HttpResponseMessage response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        return await HttpAnswer.ReadAsync(response);
    }
}
