using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TaskManager.Benchmarks.Http;

/// <summary>What a minimal API costs that does next to nothing, in a process of its own: it answers with what it was sent, or with a page that is ready made, or when it is told to.</summary>
internal static partial class Echo
{
    public const string Verb = "echo";

    public static async Task<int> RunAsync(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning); // as the host's settings have it
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, EchoJson.Default));
        WebApplication app = builder.Build();
        byte[] page = [];
        TaskCompletionSource woken = NewSource();
        int waiting = 0;

        app.MapPost("/tasks", (Submission submission) => TypedResults.Json(submission, EchoJson.Default.Submission, statusCode: StatusCodes.Status202Accepted));
        app.MapGet("/tasks/{id}", (string id) => TypedResults.Json(id, EchoJson.Default.String));
        app.MapGet("/tasks", () => TypedResults.Bytes(page, "application/json"));
        app.MapPut("/tasks", async (HttpContext context) =>
        {
            using var copy = new MemoryStream();
            await context.Request.Body.CopyToAsync(copy, context.RequestAborted);
            page = copy.ToArray();
        });
        app.MapGet("/wait", async () =>
        {
            Interlocked.Increment(ref waiting);
            await Volatile.Read(ref woken).Task.WaitAsync(TimeSpan.FromMinutes(2), TimeProvider.System);
            Interlocked.Decrement(ref waiting);
            return TypedResults.Text("woken");
        });
        app.MapGet("/waiting", () => TypedResults.Json(Volatile.Read(ref waiting), EchoJson.Default.Int32));
        app.MapPost("/wake", () => ThreadPool.UnsafeQueueUserWorkItem(static sleeping => sleeping.TrySetResult(), Interlocked.Exchange(ref woken, NewSource()), preferLocal: false));

        await app.RunAsync();
        return 0;
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously); // the request that wakes must not answer for all

    internal sealed record Submission([property: JsonPropertyName("task_type")] string TaskType, Numbers Parameters);

    internal sealed record Numbers(double A, double B);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(Submission))]
    [JsonSerializable(typeof(string))]
    [JsonSerializable(typeof(int))]
    private sealed partial class EchoJson : JsonSerializerContext;
}
