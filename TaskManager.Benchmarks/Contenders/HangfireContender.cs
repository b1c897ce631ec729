using Hangfire;
using Hangfire.InMemory;

namespace TaskManager.Benchmarks.Contenders;

/// <summary>Hangfire on its in-memory storage: each task is an enqueued call.</summary>
internal sealed class HangfireContender : IContender
{
    private static Countdown? s_countdown; // a job is serialised, so that nothing but its name comes with it

    private readonly InMemoryStorage _storage = new();
    private readonly BackgroundJobClient _client;
    private readonly BackgroundJobServer _server;

    public HangfireContender()
    {
        _client = new BackgroundJobClient(_storage);
        _server = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = 5 }, _storage);
    }

    public async Task RunManyAsync(int tasks)
    {
        var countdown = new Countdown(tasks);
        Volatile.Write(ref s_countdown, countdown);
        for (int i = 0; i < tasks; i++)
        {
            _client.Enqueue(() => Signal());
        }

        await countdown.Reached;
    }

    public Task RunOneAsync() => RunManyAsync(1);

    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        _storage.Dispose();
        return ValueTask.CompletedTask;
    }

    public static void Signal() => Volatile.Read(ref s_countdown)!.Signal();
}
