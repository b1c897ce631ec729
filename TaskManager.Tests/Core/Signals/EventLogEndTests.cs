using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using TaskManager.Signals;
using TaskManager.Tests.Core.Engine;

namespace TaskManager.Tests.Core.Signals;

/// <summary>The log knows of a task whether it has ended, as long as it keeps an event of it that came while that was known.</summary>
public sealed class EventLogEndTests
{
    private const int Kept = 1024;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task TryReadTask_RandomEventsOfTasksThatShareAChain_KnowsWhoHasEnded(int seed)
    {
        await using EngineFixture fixture = EngineFixture.Create((_, _) => Task.FromResult("done"));
        TaskType type = fixture.Tasks.Types.Find(EngineFixture.TypeName)!;
        TaskDefinition[] tasks = [.. Enumerable.Range(0, 4).Select(i => Definition(type, 1 + (i / 2 * 7) + (i % 2 * Kept)))]; // two to a chain
        var log = new EventLog(Kept);
        var told = new Dictionary<Guid, (long Number, bool? HasEnded)>();
        var random = new Random(seed);
        for (int i = 0; i < 20_000; i++)
        {
            TaskDefinition task = tasks[random.Next(random.Next(2) == 0 ? 1 : tasks.Length)]; // mostly the first
            ref (long Number, bool? HasEnded) last = ref CollectionsMarshal.GetValueRefOrAddDefault(told, task.Id, out _);
            if (random.Next(300) == 0)
            {
                bool ends = random.Next(2) == 0;
                log.AppendStatus(new TaskRecord(task, new LifecycleStatus { State = ends ? TaskState.Completed : TaskState.Queued }), DateTimeOffset.UnixEpoch);
                last = (log.Last, ends);
            }
            else
            {
                bool? hasEnded = IsKept(log, last.Number) ? last.HasEnded : null;
                log.AppendLog(task, LogLevel.Information, string.Empty, DateTimeOffset.UnixEpoch);
                last = hasEnded == true ? last : (log.Last, hasEnded); // a line of a task that is known to have ended is refused
            }

            Assert.True(log.TryReadTask(task, log.Last, [], atMost: 1, out bool? end));
            Assert.Equal((i, IsKept(log, last.Number) ? last.HasEnded : null), (i, end));
        }
    }

    private static bool IsKept(EventLog log, long number) => number > Math.Max(0, log.Last - Kept);

    private static TaskDefinition Definition(TaskType type, long sequence) =>
        new(Guid.NewGuid(), sequence, new TaskSubmission(type, Parameters: null, new SubmitOptions(), Fingerprint: default, ParametersDigest: null), default);
}
