using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;

namespace TaskManager.Tests.AspNetCore;

/// <summary>On a real server: the one in memory enforces no size.</summary>
[Trait("Proof", "http")]
public sealed class SizeTests
{
    private const int MaxParametersBytes = 1024;
    private const int Envelope = 16 * 1024;
    private const int Small = 64 * 1024;
    private const int Batch = 8 * 1024 * 1024;

    private static readonly HttpAppSetup Bounded = new() { OnKestrel = true, Tasks = options => options.MaxParametersBytes = MaxParametersBytes };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Submit_Size_IsBoundedByTheParametersAndTheirEnvelope(bool chunked)
    {
        await using HttpApp app = await HttpApp.StartAsync(Bounded);
        (await SendAsync(app, "POST", "/tasks", Padded("{\"task_type\":\"gate\"}", MaxParametersBytes + Envelope), chunked)).Is(202);
        await app.Handlers.EnteredAsync();
        string before = await app.StateAsync();
        JsonElement problem = (await SendAsync(app, "POST", "/tasks", Padded("{\"task_type\":\"gate\"}", MaxParametersBytes + Envelope + 1), chunked)).IsProblem(413, "too-large");
        Assert.Contains("17408", problem.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        (await SendAsync(app, "POST", "/tasks", Padded("{\"task_type\":\"gate\"}", 2_000_000), chunked)).IsProblem(413, "too-large");
        Assert.Equal(before, await app.StateAsync());
    }

    [Fact]
    public async Task Submit_SizeOfTheParametersAlone_IsBounded()
    {
        await using HttpApp app = await HttpApp.StartAsync(Bounded);
        (await app.PostAsync("/tasks", Echo(MaxParametersBytes))).Is(202);
        (await app.PostAsync("/tasks", Echo(MaxParametersBytes + 1))).IsInvalid("parameters");

        static string Echo(int bytes) => $$"""{"task_type":"echo","parameters":"{{new string('x', bytes - 2)}}"}""";
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Patch_Size_IsBounded(bool chunked)
    {
        await using HttpApp app = await HttpApp.StartAsync(Bounded);
        string id = await app.SubmitRunningAsync();
        (await SendAsync(app, "PATCH", $"/tasks/{id}/status", Padded("{\"status\":\"cancelled\"}", Small + 1), chunked)).IsProblem(413, "too-large");
        Assert.False((await app.GetAsync($"/tasks/{id}")).Member("cancel_requested").GetBoolean());
        (await SendAsync(app, "PATCH", $"/tasks/{id}/status", Padded("{\"status\":\"cancelled\"}", Small), chunked)).Is(200);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Batch_Size_IsBounded(bool chunked)
    {
        await using HttpApp app = await HttpApp.StartAsync(Bounded);
        (await SendAsync(app, "POST", "/tasks/batch", Padded("[{\"task_type\":\"gate\"}]", Batch), chunked)).Is(200);
        await app.Handlers.EnteredAsync();
        string before = await app.StateAsync();
        (await SendAsync(app, "POST", "/tasks/batch", Padded("[{\"task_type\":\"gate\"}]", Batch + 1), chunked)).IsProblem(413, "too-large");
        Assert.Equal(before, await app.StateAsync());
    }

    [Fact]
    public async Task Submit_BoundIsAboveThatOfTheServer_IsHeldAllTheSame()
    {
        await using HttpApp app = await HttpApp.StartAsync(Bounded with { Build = builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 100) });
        (await app.PostAsync("/tasks", Encoding.UTF8.GetString(Padded("{\"task_type\":\"gate\"}", MaxParametersBytes + Envelope)))).Is(202);
        (await SendAsync(app, "POST", "/tasks", Padded("{\"task_type\":\"gate\"}", MaxParametersBytes + Envelope + 1), chunked: true)).IsProblem(413, "too-large");
    }

    [Fact]
    public async Task Result_LargerThanMayBe_FailsItsTaskAndIsNo5xx()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { OnKestrel = true, Tasks = options => options.MaxResultBytes = 100 });
        HttpAnswer answer = (await app.PostAsync("/tasks", $$"""{"task_type":"echo","parameters":"{{new string('x', 99)}}"}""", ("Prefer", "wait=60"))).Is(200);
        Assert.Equal("failed", answer.TaskStatus);
        Assert.Equal("result_too_large", answer.Member("error").GetProperty("code").GetString());
    }

    private static byte[] Padded(string json, int size) => Encoding.UTF8.GetBytes(json.PadRight(size));

    private static Task<HttpAnswer> SendAsync(HttpApp app, string method, string path, byte[] body, bool chunked)
    {
        HttpContent content = chunked ? new UnsizedContent(body) : new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return app.SendAsync(HttpMethod.Parse(method), path, content);
    }

    /// <summary>A body that does not tell its length beforehand.</summary>
    private sealed class UnsizedContent(byte[] body) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) => stream.WriteAsync(body, TestContext.Current.CancellationToken).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
