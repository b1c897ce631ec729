using System.Collections.Concurrent;
using TaskManager.Tests.Proof.Races;

namespace TaskManager.Tests.Core.Workers;

/// <summary>Each task wakes one claim that waits for its type; a claim that was woken for one and takes another passes it on.</summary>
public sealed class ClaimHintTests
{
    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(30);

    private SyncPointStore? _store;

    [Fact]
    public async Task Claim_WokenForOneTypeAndTakesAnother_WakesTheNextForTheFirst()
    {
        await using WorkerFixture fixture = await WorkerFixture.CreateAsync(around: inner => _store = new SyncPointStore(inner));
        await fixture.RegisterAsync("worker-2-both", "first", "a", "b");
        await fixture.RegisterAsync("worker-3-b", "first", "b");
        await fixture.RegisterAsync("worker-4-a", "first", "a");
        Task<ClaimAnswer> both = ClaimAsync(fixture, "worker-2-both");
        Task<ClaimAnswer> onlyB = ClaimAsync(fixture, "worker-3-b");
        Task<ClaimAnswer> onlyA = ClaimAsync(fixture, "worker-4-a");
        var bothMayLook = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var onlyBMayLook = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var looking = new ConcurrentQueue<string>();
        _store!.BeforeClaimOf = async claim =>
        {
            looking.Enqueue(claim.Worker);
            await (claim.Worker switch
            {
                "worker-2-both" => bothMayLook.Task,
                "worker-3-b" => onlyBMayLook.Task,
                _ => Task.CompletedTask,
            });
        };

        Guid a = await fixture.SubmitAsync(type: "a");
        await Patience.UntilAsync(() => looking.Contains("worker-2-both")); // woken for a
        Guid b = await fixture.SubmitAsync(new SubmitOptions { Priority = TaskPriority.Critical }, "b");
        await Patience.UntilAsync(() => looking.Contains("worker-3-b")); // woken for b
        bothMayLook.SetResult();
        Assert.Equal(b, Assert.Single((await both.Patiently()).Tasks).Id);
        onlyBMayLook.SetResult();

        Assert.Equal(a, Assert.Single((await onlyA.Patiently()).Tasks).Id);
        Assert.False(onlyB.IsCompleted);
    }

    private static Task<ClaimAnswer> ClaimAsync(WorkerFixture fixture, string worker) => fixture.Workers.ClaimAsync(worker, incarnation: null, 1, LongWait).AsTask();
}
