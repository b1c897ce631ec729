using Microsoft.Extensions.Options;

namespace TaskManager.Api.Hosting;

/// <summary>Keeps the thread pool's minimum at processors + slots + abandoned handlers, so that handlers that block their threads starve nothing else.</summary>
internal sealed class ThreadReserve(IOptions<TaskManagerOptions> options) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        int wanted = Environment.ProcessorCount + options.Value.MaxConcurrency + options.Value.MaxAbandoned;
        ThreadPool.GetMinThreads(out int workers, out int completions);
        ThreadPool.SetMinThreads(Math.Max(workers, wanted), completions);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
