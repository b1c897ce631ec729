using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TaskManager.Tests.Api;

namespace TaskManager.Tests.Samples;

/// <summary>One of the sample workers, in a process of its own.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private WorkerProcess(string program, string script, Uri host, string id, int slots)
    {
        Id = id;
        var start = new ProcessStartInfo(program, [Repository.PathOf("samples", script), host.ToString(), id, slots.ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, data) => _lines.Enqueue(data.Data ?? string.Empty);
        _process.ErrorDataReceived += (_, data) => _lines.Enqueue(data.Data ?? string.Empty);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Id { get; }

    /// <summary>Starts a worker and waits until it is registered.</summary>
    public static async Task<WorkerProcess> StartAsync(HostProcess host, string program, string script, string id, int slots)
    {
        var worker = new WorkerProcess(program, script, host.Client.BaseAddress!, id, slots);
        await worker.RegisteredAsync(host);
        return worker;
    }

    public Task RegisteredAsync(HostProcess host) => AspNetCore.Patience.UntilAsync(async () =>
    {
        Assert.False(_process.HasExited, $"The worker ended: {string.Join('\n', _lines)}");
        return (await host.GetAsync("/workers")).Is(200).Member("items").EnumerateArray().Any(item => item.GetProperty("worker_id").GetString() == Id);
    });

    public Task SignalAsync(string signal) => ProcessSignal.SendAsync(_process, signal);

    /// <summary>Asks the worker to end, as an operator does.</summary>
    /// <returns>How many of its results were accepted, as it counted them itself.</returns>
    public async Task<int> EndAsync()
    {
        await SignalAsync(ProcessSignal.Terminate);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).Patiently();
        string[] lines = [.. _lines.Where(line => line.Length > 0)];
        Assert.True(_process.ExitCode == 0, string.Join('\n', lines));
        JsonElement last = JsonElement.Parse(Assert.Single(lines)); // and nothing else: no stack trace of a thread that broke down
        Assert.Equal(Id, last.GetProperty("worker").GetString());
        return last.GetProperty("accepted").GetInt32();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }
}
