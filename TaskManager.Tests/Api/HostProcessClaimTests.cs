using System.Collections.Concurrent;
using System.Globalization;
using TaskManager.Tests.AspNetCore;
using static TaskManager.Tests.AspNetCore.WorkerApp;

namespace TaskManager.Tests.Api;

/// <summary>Many claimers over HTTP, and nothing that any of them could get twice.</summary>
[Trait("Proof", "http")]
[Collection(RealProcesses.Name)]
public sealed class HostProcessClaimTests(ITestOutputHelper output)
{
    private const int Max = 5;
    private const int ClaimersEach = 4;

    private readonly ConcurrentDictionary<string, string> _held = new();
    private readonly ConcurrentBag<string> _done = [];

    [Fact]
    public async Task Claim_ManyAtOnce_NoTaskIsHeldByTwoAndNobodyGetsMoreOrOtherThanItAskedFor()
    {
        int tasks = RealProcesses.AreLong ? 20_000 : 2_000;
        await using HostProcess host = await HostProcess.StartAsync();
        (HttpWorker Worker, string[] Types)[] workers =
        [
            (await HttpWorker.RegisterAsync(host, "worker-1-red", "red"), ["red"]),
            (await HttpWorker.RegisterAsync(host, "worker-2-blue", "blue"), ["blue"]),
            (await HttpWorker.RegisterAsync(host, "worker-3-both", "blue", "red"), ["red", "blue"]),
            (await HttpWorker.RegisterAsync(host, "worker-4-both", "red", "blue"), ["red", "blue"]),
            (await HttpWorker.RegisterAsync(host, "worker-5-other", "green"), ["green"]),
        ];
        Task claiming = Task.WhenAll(workers.SelectMany(worker => Enumerable.Range(0, ClaimersEach).Select(_ => ClaimAsync(worker.Worker, worker.Types, tasks))));
        for (int submitted = 0; submitted < tasks; submitted += 100)
        {
            IEnumerable<string> batch = Enumerable.Range(submitted, 100).Select(number => $$"""{"task_type":"{{(number % 2 == 0 ? "red" : "blue")}}"}""");
            (await host.PostAsync("/tasks/batch", $"[{string.Join(',', batch)}]")).Is(200);
        }

        await claiming.WithPatienceAsync();
        Assert.Empty(_held);
        Assert.Equal(tasks, _done.Count);
        Assert.Equal(tasks, _done.Distinct().Count());
        HttpAnswer stats = (await host.GetAsync("/tasks/stats")).Is(200);
        Assert.Equal(tasks, stats.Member("states").GetProperty("completed").GetInt32());
        Assert.Equal((0, 0), (stats.Member("late_reports").GetInt32(), stats.Member("lease_expirations").GetInt32()));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tasks} tasks went to {workers.Length * ClaimersEach} claimers."));
    }

    private async Task ClaimAsync(HttpWorker worker, string[] types, int tasks)
    {
        while (_done.Count < tasks)
        {
            IReadOnlyList<Claimed> claimed = await worker.ClaimAsync(Max, wait: 0.5);
            Assert.InRange(claimed.Count, 0, Max);
            foreach (Claimed task in claimed)
            {
                Assert.Contains(task.Json.GetProperty("task_type").GetString(), types);
                Assert.Equal(1, task.Json.GetProperty("attempt").GetInt32());
                Assert.True(_held.TryAdd(task.Id, worker.Id), $"{worker.Id} was given a task that {_held.GetValueOrDefault(task.Id)} holds.");
            }

            foreach (Claimed task in claimed)
            {
                Assert.True(_held.TryRemove(task.Id, out _)); // first: what is reported may be claimed anew by anybody
                (await worker.CompleteAsync(task)).Is(200);
                _done.Add(task.Id);
            }
        }
    }
}
