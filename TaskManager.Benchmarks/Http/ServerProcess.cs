using System.Diagnostics;
using System.Text.RegularExpressions;

namespace TaskManager.Benchmarks.Http;

/// <summary>The host of the release build, or the echo, in a process of its own on a port that it chose.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously); // completed by whoever reads the output

    private ServerProcess(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [.. arguments, "--urls", "http://127.0.0.1:0"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_gcServer"] = "1"; // the echo's too: web applications have it
        start.Environment["DOTNET_ENVIRONMENT"] = "Production";
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, data) => Read(data.Data);
        _process.ErrorDataReceived += (_, data) => Read(data.Data);
        AppDomain.CurrentDomain.ProcessExit += EndWithThisProcess;
        Started = TimeProvider.System.GetTimestamp();
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public HttpClient Client { get; } = new() { Timeout = Patience };

    /// <summary>Gets when the process was begun, as a timestamp of the system's clock.</summary>
    public long Started { get; }

    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Gets how long processors have worked for the server.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static Task<ServerProcess> StartHostAsync(params string[] options) => StartAsync([Checkout.OutputOf("TaskManager.Api"), "--RateLimit:Enabled=false", .. options]);

    public static Task<ServerProcess> StartEchoAsync() => StartAsync([typeof(ServerProcess).Assembly.Location, Echo.Verb]);

    /// <summary>Submits tasks that end at once, by the thousand, until so many are kept.</summary>
    public async Task FillAsync(int tasks)
    {
        const int Batch = 10_000;
        for (int left = tasks; left > 0; left -= Batch)
        {
            string lines = string.Concat(Enumerable.Repeat(Submissions.Add + "\n", Math.Min(left, Batch)));
            using var content = new StringContent(lines, mediaType: new("application/x-ndjson"));
            using HttpResponseMessage response = await Client.PostAsync(new Uri("/tasks/batch", UriKind.Relative), content);
            response.EnsureSuccessStatusCode();
        }

        while (await Submissions.ActiveAsync(Client) > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= EndWithThisProcess;
        Client.Dispose();
        _process.Kill(); // nothing to do when it has ended by itself
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<ServerProcess> StartAsync(string[] arguments)
    {
        var server = new ServerProcess(arguments);
        try
        {
            server.Client.BaseAddress = await server._listening.Task.WaitAsync(Patience, TimeProvider.System);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    [GeneratedRegex("Now listening on: (?<address>http://\\S+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ListeningLine();

    private void EndWithThisProcess(object? sender, EventArgs args) => _process.Kill();

    private void Read(string? line)
    {
        if (line is not null && ListeningLine().Match(line) is { Success: true } listening)
        {
            _listening.TrySetResult(new Uri(listening.Groups["address"].Value));
        }
    }
}
