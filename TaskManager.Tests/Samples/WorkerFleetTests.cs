using System.Globalization;
using System.Text.Json;
using TaskManager.Tests.Api;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Samples;

[Collection(RealProcesses.Name)]
[Trait("Needs", "python3")]
public sealed class WorkerFleetTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Run_EightWorkersManyTasks_EachIsDoneOnceAndTheCountsAddUp()
    {
        const int Workers = 8;
        int tasks = RealProcesses.AreLong ? 5_000 : 400;
        await using HostProcess host = await HostProcess.StartAsync();
        WorkerProcess[] workers = await Task.WhenAll(Enumerable.Range(1, Workers).Select(
            number => WorkerProcess.StartAsync(host, "python3", "worker.py", string.Create(CultureInfo.InvariantCulture, $"worker-{number}-python"), slots: 4)));
        try
        {
            string[] batch = [.. Enumerable.Range(0, tasks).Select(words => $$"""{"task_type":"word_count","parameters":{"text":"{{string.Join(' ', Enumerable.Repeat("word", words % 10))}}"} }""")];
            long started = TimeProvider.System.GetTimestamp();
            string[] ids = [.. (await host.PostAsync("/tasks/batch", $"[{string.Join(',', batch)}]")).Is(200).Json.EnumerateArray()
                .Select(item => item.GetProperty("task").GetProperty("task_id").GetString()!)];
            await AspNetCore.Patience.UntilAsync(async () => await CompletedAsync(host) == tasks);
            TimeSpan took = TimeProvider.System.GetElapsedTime(started);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tasks} tasks by {Workers} workers in Python: {took.TotalSeconds:F1} s, {tasks / took.TotalSeconds:F0} a second."));
            for (int i = 0; i < ids.Length; i++)
            {
                HttpAnswer task = (await host.GetAsync($"/tasks/{ids[i]}")).Is(200);
                Assert.Equal((1, i % 10), (task.Member("attempt").GetInt32(), task.Member("result").GetProperty("words").GetInt32()));
            }

            int[] accepted = await Task.WhenAll(workers.Select(worker => worker.EndAsync()));
            output.WriteLine($"Accepted by each: {string.Join(", ", accepted)}.");
            Assert.Equal(tasks, accepted.Sum());
            Assert.Equal(tasks, await CompletedAsync(host));
            JsonElement stats = (await host.GetAsync("/tasks/stats")).Is(200).Json;
            Assert.Equal((tasks, 0, 0), (stats.GetProperty("accepted").GetInt32(), stats.GetProperty("late_reports").GetInt32(), stats.GetProperty("lease_expirations").GetInt32()));
        }
        finally
        {
            foreach (WorkerProcess worker in workers)
            {
                await worker.DisposeAsync();
            }
        }
    }

    private static async Task<int> CompletedAsync(HostProcess host) => (await host.GetAsync("/tasks/stats")).Is(200).Member("states").GetProperty("completed").GetInt32();
}
