namespace TaskManager.Benchmarks.Contenders;

/// <summary>Something that runs tasks which do nothing, on five workers.</summary>
internal interface IContender : IAsyncDisposable
{
    /// <summary>Submits tasks, one after the other, and waits until all have ended.</summary>
    Task RunManyAsync(int tasks);

    /// <summary>Submits one task and waits until it has ended.</summary>
    Task RunOneAsync();
}
