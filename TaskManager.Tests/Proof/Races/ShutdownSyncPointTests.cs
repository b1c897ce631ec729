namespace TaskManager.Tests.Proof.Races;

/// <summary>A shutdown that begins while something is about to become unfinished: it waits for that, and ends it too.</summary>
[Trait("Proof", "races")]
public sealed class ShutdownSyncPointTests
{
    [Fact]
    public async Task Retry_JustBeforeItIsInPlace_TheShutdownWaitsForIt()
    {
        await using var points = SyncPoints.Create((_, _) => throw new FormatException("no good"));
        TaskHandle<string> handle = await points.Fixture.SubmitAsync();
        await handle.WhenEndedAsync().Patiently();
        Task? stopping = null;
        points.BeforeUpdate(status => status.Retries == 1, () => BeginToStopAsync(points, begun => stopping = begun));

        await handle.RetryAsync().Patiently();
        await stopping!.Patiently();

        Assert.True((await handle.GetAsync())!.Value.IsDone, "Nobody is left to run it, and nobody would tell those who wait for it.");
    }

    [Fact]
    public async Task Submit_JustBeforeItIsAdmitted_TheShutdownWaitsForIt()
    {
        await using var points = SyncPoints.Create((_, _) => Task.FromResult("done"));
        Task? stopping = null;
        points.Store.BeforeAdd = () => new ValueTask(BeginToStopAsync(points, begun => stopping = begun));

        TaskHandle<string> handle = await points.Fixture.SubmitAsync().Patiently();
        await stopping!.Patiently();

        Assert.True((await handle.GetAsync())!.Value.IsDone);
    }

    private static async Task BeginToStopAsync(SyncPoints points, Action<Task> begun)
    {
        Task stopping = points.Fixture.Engine.StopAsync();
        begun(stopping);
        long started = TimeProvider.System.GetTimestamp();
        for (int i = 0; i < 10_000 && !stopping.IsCompleted && TimeProvider.System.GetElapsedTime(started) < Patience.Generous / 10; i++)
        {
            await Task.Yield(); // time enough to overlook what is about to come
        }
    }
}
