using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TaskManager.AspNetCore;

namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class RateLimitTests
{
    private static readonly HttpAppSetup Limited = new() { RateLimit = _ => { } };
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Limit_ConfiguredByItself_Holds()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup
        {
            Build = builder => builder.Services
                .Configure<RateLimitOptions>(limit => (limit.Enabled, limit.PermitLimit) = (true, 2))
                .PostConfigure<RateLimitOptions>(limit => limit.PermitLimit--),
        });
        (await app.GetAsync("/tasks")).Is(200);
        (await app.GetAsync("/tasks")).Is(429);
    }

    [Fact]
    public async Task Limit_ConfiguredByItselfAndWrong_StopsTheStart()
    {
        var setup = new HttpAppSetup { Build = builder => builder.Services.Configure<RateLimitOptions>(limit => limit.PermitLimit = 0) };
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => HttpApp.StartAsync(setup));
        Assert.Equal("RateLimit:PermitLimit is 0; it must be from 1 to 1000000.", error.Message);
    }

    [Fact]
    public async Task Requests_WithinTheLimit_CountDownInTheHeaders()
    {
        await using HttpApp app = await HttpApp.StartAsync(Limited);
        for (int left = 9; left >= 0; left--)
        {
            HttpAnswer answer = (await app.GetAsync("/task-types")).Is(200);
            Assert.Equal("\"default\";q=10;w=60", answer.Header("RateLimit-Policy"));
            Assert.Equal($"\"default\";r={left};t=60", answer.Header("RateLimit"));
            Assert.Null(answer.Header("Retry-After"));
        }

        HttpAnswer refused = await app.GetAsync("/task-types");
        JsonElement problem = refused.IsProblem(429, "rate-limited");
        Assert.Equal(60, problem.GetProperty("retry_after_seconds").GetInt32());
        Assert.Equal("\"default\";r=0;t=60", refused.Header("RateLimit"));
        Assert.Equal("\"default\";q=10;w=60", refused.Header("RateLimit-Policy"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(499)]
    [InlineData(999)]
    public async Task RetryAfter_OneSecondEarlierFails_ThenItPasses(int milliseconds)
    {
        await using HttpApp app = await HttpApp.StartAsync(Limited);
        for (int i = 0; i < 10; i++)
        {
            (await app.GetAsync("/tasks")).Is(200);
            app.Clock.Advance(TimeSpan.FromSeconds(2) + TimeSpan.FromMilliseconds(milliseconds));
        }

        for (int round = 0; round < 3; round++)
        {
            int wait = (await app.GetAsync("/tasks")).Is(429).RetryAfter;
            Assert.True(wait > 0);
            app.Clock.Advance((wait - 1) * Second);
            Assert.Equal(1, (await app.GetAsync("/tasks")).Is(429).RetryAfter);
            app.Clock.Advance(Second);
            (await app.GetAsync("/tasks")).Is(200);
        }
    }

    [Fact]
    public async Task RefusedRequests_DoNotExtendTheWait()
    {
        await using HttpApp app = await HttpApp.StartAsync(Limited);
        for (int i = 0; i < 10; i++)
        {
            (await app.GetAsync("/tasks")).Is(200);
        }

        for (int second = 0; second < 60; second++)
        {
            Assert.Equal(60 - second, (await app.GetAsync("/tasks")).Is(429).RetryAfter);
            app.Clock.Advance(Second);
        }

        (await app.GetAsync("/tasks")).Is(200);
    }

    [Fact]
    public async Task RetryAfterOfAnUnfinishedTask_Obeyed_NeverEndsInARefusal()
    {
        await using HttpApp app = await HttpApp.StartAsync(Limited);
        HttpAnswer answer = (await app.PostAsync("/tasks", """{"task_type":"gate"}""")).Is(202);
        string id = answer.Id;
        string[] paths = ["", "/status", "/result", "?wait=true&timeout=0"];
        for (int poll = 0; poll < 100; poll++)
        {
            app.Clock.Advance(answer.RetryAfter * Second);
            answer = await app.GetAsync($"/tasks/{id}{paths[poll % paths.Length]}");
            Assert.True(answer.Status is 200 or 202, answer.Text);
        }
    }

    [Fact]
    public async Task RetryAfterOfNotModifiedAndOfAMove_Obeyed_NeverEndsInARefusal()
    {
        await using HttpApp app = await HttpApp.StartAsync(Limited);
        HttpAnswer answer = (await app.PostAsync("/tasks", """{"task_type":"gate","delay_seconds":86400}""")).Is(202);
        string id = answer.Id;
        for (int poll = 0; poll < 30; poll++)
        {
            app.Clock.Advance(answer.RetryAfter * Second);
            answer = poll % 2 == 0 ? (await app.GetAsync($"/tasks/{id}", ("If-None-Match", "*"))).Is(304) : (await app.PostAsync($"/tasks/{id}/pause")).Is(200);
        }
    }

    [Fact]
    public async Task LongPoll_CountsOnce()
    {
        await using HttpApp app = await HttpApp.StartAsync(Limited);
        string id = await app.SubmitRunningAsync();
        Task<HttpAnswer> waiting = await app.BeginAsync(sender => sender.GetAsync($"/tasks/{id}?wait=true&timeout=50"));
        app.Clock.Advance(50 * Second);
        Assert.Equal("\"default\";r=8;t=60", (await waiting).Is(200).Header("RateLimit")); // as of its arrival
        Assert.Equal("\"default\";r=7;t=10", (await app.GetAsync("/task-types")).Header("RateLimit"));
    }

    [Theory]
    [InlineData("GET", "/tasks")]
    [InlineData("HEAD", "/tasks")]
    [InlineData("POST", "/tasks")]
    [InlineData("POST", "/tasks/batch")]
    [InlineData("GET", "/tasks/stats")]
    [InlineData("GET", "/tasks/x")]
    [InlineData("GET", "/tasks/x/status")]
    [InlineData("PATCH", "/tasks/x/status")]
    [InlineData("GET", "/tasks/x/result")]
    [InlineData("POST", "/tasks/x/cancel")]
    [InlineData("POST", "/tasks/x/pause")]
    [InlineData("POST", "/tasks/x/resume")]
    [InlineData("POST", "/tasks/x/retry")]
    [InlineData("DELETE", "/tasks/x")]
    [InlineData("GET", "/task-types")]
    [InlineData("GET", "/task-types/add")]
    [InlineData("GET", "/TASKS")]
    [InlineData("GET", "/tasks/")]
    [InlineData("GET", "/Task-Types/")]
    public async Task EveryEndpoint_Counts(string method, string path)
    {
        await using HttpApp app = await HttpApp.StartAsync(Limited);
        for (int i = 0; i < 10; i++)
        {
            Assert.NotEqual(429, (await app.SendRawAsync(method, path)).Status);
        }

        HttpAnswer refused = (await app.SendRawAsync(method, path)).Is(429);
        Assert.Equal("60", refused.Header("Retry-After"));
        Assert.Equal(60, (await app.GetAsync("/tasks")).Is(429).RetryAfter);
    }

    [Theory]
    [InlineData("GET", "//tasks")]
    [InlineData("GET", "/tasks//")]
    [InlineData("GET", "/tasks;x")]
    [InlineData("GET", "/./tasks")]
    [InlineData("PUT", "/tasks")]
    [InlineData("GET", "/")]
    public async Task WhatIsNoEndpoint_IsNotAnsweredAsOne(string method, string path)
    {
        await using HttpApp app = await HttpApp.StartAsync(Limited);
        for (int i = 0; i < 11; i++)
        {
            Assert.True((await app.SendRawAsync(method, path)).Status is 404 or 405);
        }
    }

    [Fact]
    public async Task RefusedRequest_IsNotReadAndChangesNothing()
    {
        await using HttpApp app = await HttpApp.StartAsync(Limited);
        string id = await app.SubmitRunningAsync();
        for (int i = 0; i < 9; i++)
        {
            await app.GetAsync("/tasks");
        }

        (await app.PostAsync("/tasks", "{", ("Origin", "https://evil.example"))).IsProblem(429, "rate-limited");
        (await app.PostAsync("/tasks", """{"task_type":"gate"}""")).IsProblem(429, "rate-limited");
        (await app.DeleteAsync($"/tasks/{id}?purge=true")).IsProblem(429, "rate-limited");
        TaskStatistics stats = await app.Tasks.GetStatisticsAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, stats.Counts.Accepted);
        Assert.Equal(1, stats.Counts.ByState[TaskState.Processing]);
    }

    [Fact]
    public async Task ManyFirstRequestsAtOnce_ExactlyTheLimitPasses()
    {
        await using HttpApp app = await HttpApp.StartAsync(Limited);
        HttpAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => app.PostAsync("/tasks", """{"task_type":"gate"}""")));
        Assert.Equal(10, answers.Count(answer => answer.Status == 202));
        Assert.Equal(90, answers.Count(answer => answer.Status == 429));
        Assert.Equal(10, (await app.Tasks.GetStatisticsAsync(TestContext.Current.CancellationToken)).Counts.Accepted);
    }

    [Fact]
    public async Task Limit_SwitchedOff_SaysNothing()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        for (int i = 0; i < 20; i++)
        {
            HttpAnswer answer = (await app.GetAsync("/tasks")).Is(200);
            Assert.Null(answer.Header("RateLimit"));
            Assert.Null(answer.Header("RateLimit-Policy"));
        }
    }

    [Fact]
    public async Task Limit_OfOnesOwn_IsHeld()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { RateLimit = limit => (limit.PermitLimit, limit.Window) = (2, TimeSpan.FromSeconds(1.5)) });
        Assert.Equal("\"default\";q=2;w=2", (await app.GetAsync("/tasks")).Is(200).Header("RateLimit-Policy"));
        Assert.Equal("\"default\";r=0;t=2", (await app.GetAsync("/tasks")).Is(200).Header("RateLimit"));
        Assert.Equal(2, (await app.GetAsync("/tasks")).Is(429).RetryAfter);
        app.Clock.Advance(TimeSpan.FromSeconds(1.5));
        (await app.GetAsync("/tasks")).Is(200);
    }
}
