using TaskManager.Signals;
using TaskManager.Workers;

namespace TaskManager.Tests.Core.Workers;

public sealed class WorkerDirectoryTests
{
    /// <summary>Whoever claims while its worker goes looks for the worker of the lease, and then whether it is gone: it must never find it neither there nor gone.</summary>
    [Fact]
    public async Task Remove_WhileSomebodyLooks_IsGoneBeforeItIsNotFound()
    {
        var directory = new WorkerDirectory(new TaskManagerOptions(), new WaiterCount(10));
        string[] types = [.. Enumerable.Range(0, 100).Select(number => $"type{number}")];
        int seenAmiss = 0;
        for (int i = 0; i < 200; i++)
        {
            Assert.Null(directory.Register(new WorkerRegistration("worker-1-cpu", $"start {i}", types), new ClockReading(default, default), out RemoteWorker worker, out _));
            using var ready = new Barrier(2);
            Task looking = Task.Run(() =>
            {
                ready.SignalAndWait();
                while (directory.FindHolder(worker.Holder) is not null)
                {
                }

                seenAmiss += worker.IsGone ? 0 : 1;
            });
            ready.SignalAndWait();
            directory.Remove(worker);
            await looking.Patiently();
        }

        Assert.Equal(0, seenAmiss);
    }
}
