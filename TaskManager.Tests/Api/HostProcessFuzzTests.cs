using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using TaskManager.Tests.AspNetCore;
using TaskManager.Tests.Proof;

namespace TaskManager.Tests.Api;

/// <summary>Malformed and hostile requests over all routes, at random and from several clients at once, to the real host.</summary>
[Trait("Proof", "http")]
[Collection(RealProcesses.Name)]
public sealed partial class HostProcessFuzzTests(ITestOutputHelper output)
{
    private const int Clients = 8;
    private const int HttpVersionNotSupported = 505; // what the server says to HTTP/1.7 (RFC 9110 §15.6.6)
    private const int Mebibyte = 1024 * 1024;

    /// <summary>What the document of the API does not list.</summary>
    private static readonly (string Method, string Path)[] Pages = [("GET", "/"), ("GET", "/docs"), ("GET", "/docs/assets/index.html"), ("GET", "/docs/assets%0A"), ("GET", "/redoc"), ("HEAD", "/redoc/assets/index.js"), ("GET", "/openapi/v1.json"), ("GET", "/tasks/ws"), ("OPTIONS", "/tasks")];

    /// <summary>Gets how long an answer is waited for: streams and long-polls, and requests that are cut off, have none.</summary>
    private static TimeSpan Attention { get; } = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task HostileRequests_ByTheThousand_CrashNothingAndLeaveNothingBehind()
    {
        int count = ProofSize.Of(4_000, 100_000);
        int seed = ProofSize.Seed();
        await using HostProcess host = await HostProcess.StartAsync(
            [("DOTNET_GCgen0size", "400000")], // 4 MiB: what is let go of is collected soon
            "--AllowedHosts=*", "--Cors:AllowedOrigins:0=http://evil.example"); // more code is reached so
        string id = await host.SubmitAsync(3600);
        IReadOnlyList<(string Method, string Path)> routes = [.. Pages, .. Routes((await host.GetAsync("/openapi/v1.json")).Is(200).Json)];
        var failures = new ConcurrentQueue<string>();
        await FuzzAsync(host, routes, id, count / 2, seed, failures); // by then all code has run, and every pool is filled
        long before = host.Memory();

        IReadOnlyDictionary<string, int> answers = await FuzzAsync(host, routes, id, count, seed + Clients, failures);

        long grown = host.Memory() - before;
        string counts = string.Join(", ", answers.Select(each => $"{each.Key} {each.Value}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} requests over {routes.Count} routes: {counts}; memory {before:N0} B before, {grown:+#,0;-#,0;0} B more after."));
        Assert.True(failures.IsEmpty, string.Join('\n', [.. failures, .. host.Lines.Where(line => line.Contains(" error ", StringComparison.Ordinal))]));
        Assert.True(answers.Where(answer => answer.Key.StartsWith('4')).Sum(answer => answer.Value) > count / 2, "Most of the requests were meant to be refused.");
        Assert.True(grown < ProofSize.Of(64, 16) * Mebibyte, $"{grown:N0} bytes more than before.");
        await Patience.UntilAsync(async () => await host.WaitersAsync() == 0);
        (await host.GetAsync("/ready")).Is(200);
        (await host.PostAsync("/workers/internal/start")).Is(200);
        (await host.PostAsync("/workers/internal/scale", """{"count":5}""")).Is(200);
        string after = await host.SubmitAsync(0);
        await host.UntilStatusAsync(after, "completed");
        Assert.DoesNotContain(host.Lines, line => line.Contains("Unhandled exception", StringComparison.OrdinalIgnoreCase));
    }

    private static async Task<IReadOnlyDictionary<string, int>> FuzzAsync(HostProcess host, IReadOnlyList<(string Method, string Path)> routes, string id, int count, int seed, ConcurrentQueue<string> failures)
    {
        var answers = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        await Task.WhenAll(Enumerable.Range(seed, Clients).Select(async client =>
        {
            var fuzzer = new RequestFuzzer(new Random(client), routes);
            for (int left = count / Clients; left > 0; left--)
            {
                byte[] request = fuzzer.Next(host.Client.BaseAddress!, id);
                int? status = await RawHttp.ProbeAsync(host.Client.BaseAddress!, request, Attention);
                if (status >= 500 && status != HttpVersionNotSupported)
                {
                    failures.Enqueue($"{status} is the answer to {JsonSerializer.Serialize(Encoding.Latin1.GetString(request))}");
                }

                answers.AddOrUpdate(status?.ToString(CultureInfo.InvariantCulture) ?? "none", 1, (_, counted) => counted + 1);
            }
        }));
        return answers.OrderBy(answer => answer.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>Every operation that the service describes, with a task that nobody has, one that runs, and a worker and a type without meaning.</summary>
    private static IEnumerable<(string Method, string Path)> Routes(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        where operation.Name is "get" or "put" or "post" or "delete" or "patch" or "head"
        from value in (string[])["{id}", "01980000-0000-7000-8000-000000000000", "x", "%00"]
        select (operation.Name.ToUpperInvariant(), PathParameter().Replace(path.Name, value));

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PathParameter();
}
