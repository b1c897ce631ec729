using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Api;

/// <summary>The real host in a process of its own, on a port that it chose. Requests are not limited.</summary>
internal sealed partial class HostProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously); // completed by whoever reads the output

    private HostProcess(IEnumerable<string> arguments, IEnumerable<(string Name, string Value)> environment, params string[] command)
    {
        string[] program = command.Length > 0 ? command : ["dotnet", Path.Combine(AppContext.BaseDirectory, "TaskManager.Api.dll")];
        var start = new ProcessStartInfo(program[0], [.. program[1..], "--RateLimit:Enabled=false", .. arguments])
        {
            UseShellExecute = false,
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, data) => Read(data.Data);
        _process.ErrorDataReceived += (_, data) => Read(data.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public HttpClient Client { get; } = new() { Timeout = Patience.Generous };

    public IReadOnlyList<string> Lines => [.. _lines];

    /// <summary>Starts the host and waits until it listens.</summary>
    public static Task<HostProcess> StartAsync(params string[] arguments) => StartAsync([], arguments);

    /// <summary>Starts the host in an environment with further variables, and waits until it listens.</summary>
    public static Task<HostProcess> StartAsync((string Name, string Value)[] environment, params string[] arguments) => StartAsync([], environment, arguments);

    /// <summary>Starts the host by a command of its own, which passes further arguments on to it, and waits until it listens.</summary>
    public static async Task<HostProcess> StartAsync(string[] command, (string Name, string Value)[] environment, params string[] arguments)
    {
        var host = new HostProcess(["--urls", "http://127.0.0.1:0", .. arguments], environment, command);
        try
        {
            host.Client.BaseAddress = await host._listening.Task.WithPatienceAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a host that is expected not to come up.</summary>
    /// <returns>Its exit code and all that it said.</returns>
    public static async Task<(int ExitCode, string Output)> RunToEndAsync(params string[] arguments)
    {
        await using var host = new HostProcess(["--urls", "http://127.0.0.1:0", .. arguments], []);
        return (await host.ExitAsync(), string.Join('\n', host.Lines));
    }

    /// <summary>Asks the process to end, as an operator or a container's host does.</summary>
    public Task TerminateAsync() => ProcessSignal.SendAsync(_process, ProcessSignal.Terminate);

    /// <summary>Waits until the process has ended and all of its output is read.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WithPatienceAsync();
        return _process.ExitCode;
    }

    public async Task<HttpAnswer> SendAsync(HttpMethod method, string path, string? json = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = json is null ? null : HttpApp.JsonContent(json) };
        foreach ((string name, string value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using HttpResponseMessage response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await HttpAnswer.ReadAsync(response);
    }

    public Task<HttpAnswer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, json: null, headers);

    public Task<HttpAnswer> PostAsync(string path, string? json = null) => SendAsync(HttpMethod.Post, path, json);

    /// <summary>Submits a task that takes some seconds.</summary>
    public async Task<string> SubmitAsync(double seconds) => (await PostAsync("/tasks", Sum(seconds))).Is(202).Id;

    /// <summary>Gets how much memory the process holds, in bytes.</summary>
    public long Memory()
    {
        _process.Refresh();
        return _process.WorkingSet64;
    }

    public async Task<long> WaitersAsync() => (await GetAsync("/tasks/stats")).Is(200).Member("bounds").GetProperty("waiters").GetProperty("used").GetInt64();

    public async Task UntilStatusAsync(string id, string status) => await Patience.UntilAsync(async () => (await GetAsync($"/tasks/{id}")).Is(200).TaskStatus == status);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    public static string Sum(double seconds, string tag = "test") => string.Create(
        CultureInfo.InvariantCulture, $$"""{"task_type":"compute_sum","parameters":{"numbers":[1,2],"processing_time":{{seconds}}},"tags":["{{tag}}"]}""");

    [GeneratedRegex("Now listening on: (?<address>http://[^\\s\"]+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ListeningLine();

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        _lines.Enqueue(line);
        if (ListeningLine().Match(line) is { Success: true } listening)
        {
            _listening.TrySetResult(new Uri(listening.Groups["address"].Value));
        }
    }
}
