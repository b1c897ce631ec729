using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace TaskManager.Api.Hosting;

/// <summary>
/// Stands before the pool and keeps the thread pool's minimum at processors + slots + abandoned handlers, however many slots there are, so that handlers that block their threads
/// starve nothing else.
/// </summary>
internal sealed class ThreadReserve(ITaskPool pool, IOptions<TaskManagerOptions> options) : ITaskPool, IHostedService
{
    public PoolStatus Status => pool.Status;

    /// <summary>Puts the reserve before the pool that was added.</summary>
    public static void AddTo(IServiceCollection services)
    {
        ServiceDescriptor pool = services.Single(service => service.ServiceType == typeof(ITaskPool));
        services.AddSingleton(provider => new ThreadReserve((ITaskPool)pool.ImplementationFactory!(provider), provider.GetRequiredService<IOptions<TaskManagerOptions>>()));
        services.Replace(ServiceDescriptor.Singleton<ITaskPool>(provider => provider.GetRequiredService<ThreadReserve>()));
        services.AddHostedService(provider => provider.GetRequiredService<ThreadReserve>());
    }

    public void Start() => pool.Start();

    public void Stop() => pool.Stop();

    public void Scale(int slots)
    {
        KeepFor(slots);
        pool.Scale(slots);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        KeepFor(options.Value.MaxConcurrency);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void KeepFor(int slots)
    {
        int wanted = Environment.ProcessorCount + slots + options.Value.MaxAbandoned;
        ThreadPool.GetMinThreads(out int workers, out int completions);
        ThreadPool.SetMinThreads(Math.Max(workers, wanted), completions);
    }
}
