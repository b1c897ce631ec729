using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TaskManager.AspNetCore;

namespace TaskManager.Tests.AspNetCore;

/// <summary>What is special about an application.</summary>
internal sealed record HttpAppSetup
{
    public Action<TaskManagerOptions>? Tasks { get; init; }

    public Action<RateLimitOptions>? RateLimit { get; init; }

    public Action<WebApplicationBuilder>? Build { get; init; }

    public Action<WebApplication> Map { get; init; } = application => application.MapTaskManager();

    /// <summary>Gets a value indicating whether it is a real server, which enforces what the one in memory does not.</summary>
    public bool OnKestrel { get; init; }
}

/// <summary>An application with the HTTP surface, handlers that a test holds in its hand, and a clock that stands still. Requests are limited only where a test asks for it.</summary>
internal sealed class HttpApp : IAsyncDisposable
{
    private readonly HttpClient _client;

    private HttpApp(WebApplication host, bool onKestrel, ManualClock clock, TestHandlers handlers)
    {
        Host = host;
        Clock = clock;
        Handlers = handlers;
        _client = onKestrel ? new HttpClient { BaseAddress = new Uri(host.Urls.Single()) } : host.GetTestClient();
        _client.Timeout = Patience.Generous;
    }

    public WebApplication Host { get; }

    public ManualClock Clock { get; }

    public TestHandlers Handlers { get; }

    public Uri Address => _client.BaseAddress!;

    /// <summary>Gets the client, for an answer that is read while it comes.</summary>
    public HttpClient Client => _client;

    public ITaskManager Tasks => Host.Services.GetRequiredService<ITaskManager>();

    public ITaskPool Pool => Host.Services.GetRequiredService<ITaskPool>();

    public static async Task<HttpApp> StartAsync(HttpAppSetup? asked = null)
    {
        HttpAppSetup setup = asked ?? new HttpAppSetup();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        if (setup.OnKestrel)
        {
            builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        }
        else
        {
            builder.WebHost.UseTestServer();
        }

        var clock = new ManualClock();
        var handlers = new TestHandlers();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddRouting();
        handlers.AddTo(builder.Services.AddTaskManager(setup.Tasks));
        builder.Services.Configure<TaskManagerHttpOptions>(http =>
        {
            http.RateLimit.Enabled = setup.RateLimit is not null;
            setup.RateLimit?.Invoke(http.RateLimit);
        });
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = 2 * Patience.Generous);
        setup.Build?.Invoke(builder);
        WebApplication host = builder.Build();
        setup.Map(host);
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new HttpApp(host, setup.OnKestrel, clock, handlers);
    }

    public async ValueTask DisposeAsync()
    {
        Handlers.Release();
        _client.Dispose();
        await Host.DisposeAsync();
        Handlers.Dispose();
    }

    public async Task<HttpAnswer> SendAsync(HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach ((string name, string value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using HttpResponseMessage response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        return await HttpAnswer.ReadAsync(response);
    }

    public Task<HttpAnswer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, content: null, headers);

    public Task<HttpAnswer> PostAsync(string path, string? json = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, json is null ? null : JsonContent(json), headers);

    public Task<HttpAnswer> PatchAsync(string path, string json, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Patch, path, JsonContent(json), headers);

    public Task<HttpAnswer> DeleteAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Delete, path, content: null, headers);

    /// <summary>Sends what no client would: any path and header, from any address. Only without a real server.</summary>
    public async Task<HttpAnswer> SendRawAsync(string method, string path, IPAddress? from = null, params (string Name, string Value)[] headers)
    {
        HttpContext answered = await Host.GetTestServer().SendAsync(
            context =>
            {
                context.Connection.RemoteIpAddress = from;
                context.Request.Method = method;
                context.Request.Host = new HostString("localhost");
                context.Request.Path = path;
                foreach ((string name, string value) in headers)
                {
                    context.Request.Headers.Append(name, value);
                }
            },
            TestContext.Current.CancellationToken);
        using var body = new MemoryStream();
        await answered.Response.Body.CopyToAsync(body, TestContext.Current.CancellationToken);
        return new HttpAnswer(answered.Response.StatusCode, answered.Response.Headers.Select(header => KeyValuePair.Create(header.Key, (IEnumerable<string>)header.Value!)), body.ToArray());
    }

    public static StringContent JsonContent(string json, string mediaType = "application/json") => new(json, Encoding.UTF8, mediaType);

    /// <summary>Submits a task and gets its id.</summary>
    /// <param name="type">The type.</param>
    /// <param name="parameters">Its parameters, as JSON.</param>
    /// <param name="options">Further members, as JSON: <c>"tags":["a"]</c>.</param>
    public async Task<string> SubmitAsync(string type, string parameters = "{}", string? options = null) =>
        (await PostAsync("/tasks", $$"""{"task_type":"{{type}}","parameters":{{parameters}}{{(options is null ? string.Empty : "," + options)}}}""")).Is(202).Id;

    /// <summary>Submits a task whose handler stands at its gate, and waits until it does.</summary>
    public async Task<string> SubmitRunningAsync(string type = "gate", string? options = null)
    {
        string id = await SubmitAsync(type, "{}", options);
        await Handlers.EnteredAsync();
        return id;
    }

    /// <summary>Waits until a task is in a state.</summary>
    public async Task UntilAsync(string id, TaskState state)
    {
        TaskRecord? record = await Tasks.GetAsync(Guid.Parse(id), TestContext.Current.CancellationToken);
        while (record!.Value.State != state)
        {
            Assert.False(record.Value.IsDone, $"The task ended {record.Value.State}.");
            record = await Tasks.WaitForChangeAsync(record.Value.Id, record.Value.State, Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken).AsTask().WithPatienceAsync();
        }
    }

    /// <summary>Submits a task and waits until it has ended.</summary>
    public async Task<string> SubmitToEndAsync(string type, string parameters = "{}", string? options = null)
    {
        string id = await SubmitAsync(type, parameters, options);
        await Tasks.WaitForEndAsync(Guid.Parse(id), Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken).AsTask().WithPatienceAsync();
        return id;
    }

    /// <summary>Begins a request that waits on the clock, and lets it get that far.</summary>
    public async Task<Task<HttpAnswer>> BeginAsync(Func<HttpApp, Task<HttpAnswer>> send)
    {
        long waits = Clock.WaitsBegun; // not of the timers that are armed: the pool arms one, too, and that of a request before may just be going
        Task<HttpAnswer> answer = send(this);
        await Patience.UntilAsync(() => answer.IsCompleted || Clock.WaitsBegun > waits);
        Assert.False(answer.IsCompleted, "The request was expected to wait.");
        return answer;
    }

    /// <summary>Gets what must not change when a request is refused.</summary>
    public async Task<string> StateAsync()
    {
        HttpAnswer stats = (await GetAsync("/tasks/stats")).Is(200);
        return string.Join('\n', ((string[])["states", "types", "accepted", "removed", "bounds"]).Select(name => stats.Member(name).GetRawText()));
    }
}
