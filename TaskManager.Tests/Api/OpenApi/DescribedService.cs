using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;

namespace TaskManager.Tests.Api.OpenApi;

/// <summary>The host with one slot, a budget that nobody uses up, and task types of every shape that a schema can have.</summary>
public sealed class DescribedService : WebApplicationFactory<Program>
{
    private TaskCompletionSource<Nothing> _release = NewSource();

    /// <summary>Lets the stubborn tasks end that have begun; nothing else does.</summary>
    public void Release() => Interlocked.Exchange(ref _release, NewSource()).TrySetResult(new Nothing());

    /// <summary>Reads the document that the service gives.</summary>
    internal static async Task<JsonObject> ReadDocumentAsync(HttpClient client) =>
        JsonNode.Parse(await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), TestContext.Current.CancellationToken))!.AsObject();

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("RateLimit:PermitLimit", "1000000");
        builder.UseSetting("TaskManager:MaxConcurrency", "1");
        builder.ConfigureTestServices(services => services.AddTaskManager()
            .AddHandler("outline", (Outline task, TaskContext _) => task, type => type.Example = new Outline("All", [new Outline("Part")]))
            .AddHandler("a.type-of_its.own", (Nothing task, TaskContext _) => task, type => type.Example = new Nothing())
            .AddHandler<int, int>("double", (number, _) => 2 * number, type => type.Example = 21)
            .AddHandler("stubborn", (Nothing task, TaskContext _) => Volatile.Read(ref _release).Task)
            .AddHandler<Nothing, object?>("refuse", (_, _) => throw new TaskAttemptException("no_way", "It cannot be.")));
    }

    // Whoever releases must not run the handler's rest on its own stack.
    private static TaskCompletionSource<Nothing> NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Parameters that hold themselves, and anything.</summary>
    internal sealed record Outline(string Title, Outline[]? Parts = null, object? Note = null);

    internal sealed record Nothing;
}
