using Microsoft.Extensions.Logging;
using TaskManager.Signals;
using TaskManager.Tests.Core.Engine;

namespace TaskManager.Tests.Core.Signals;

/// <summary>A task with more events than a reader takes at a time.</summary>
public sealed class LongStreamTests
{
    private const int Lines = 5_000;

    [Fact]
    public async Task Watch_TaskWithManyEvents_GivesAllOnceAndInOrder()
    {
        await using EngineFixture fixture = Create(out Gate gate);
        TaskHandle<string> handle = await fixture.SubmitAsync("many");
        TaskHandle<string> other = await fixture.SubmitAsync("many");
        gate.Open();
        await handle.WhenEndedAsync().Patiently();
        await other.WhenEndedAsync().Patiently();

        List<TaskEvent> events = await WatchTests.CollectAsync(handle.WatchAsync());

        Assert.Equal(Lines, events.OfType<TaskLogEvent>().Count());
        Assert.Equal(Enumerable.Range(0, Lines).Select(i => $"line {i}"), events.OfType<TaskLogEvent>().Select(e => e.Message));
        Assert.Equal(events.Select(e => e.Id.Number).Order(), events.Select(e => e.Id.Number));
        Assert.All(events, e => Assert.Equal(handle.Id, e.TaskId));
        foreach (int seen in (int[])[0, 1, 255, 256, 257, 3_000, events.Count - 2])
        {
            Assert.Equal(events[(seen + 1)..], await WatchTests.CollectAsync(fixture.Tasks.WatchAsync(handle.Id, events[seen].Id)));
        }
    }

    [Fact]
    public async Task Watch_TaskWithManyEvents_ReaderHoldsFewOfThem()
    {
        await using EngineFixture fixture = Create(out Gate gate);
        TaskHandle<string> handle = await fixture.SubmitAsync("many");
        gate.Open();
        await handle.WhenEndedAsync().Patiently();
        await using IAsyncEnumerator<TaskEvent> reader = handle.WatchAsync().GetAsyncEnumerator();

        long before = GC.GetAllocatedBytesForCurrentThread();
        ValueTask<bool> next = reader.MoveNextAsync();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(next.IsCompleted);
        Assert.True(await next);
        Assert.True(allocated < 100 * 1024, $"The first event took {allocated} bytes."); // all of them would take some 500 KB
    }

    [Fact]
    public async Task Watch_FollowedWhileItIsWritten_GivesAllOnceAndInOrder()
    {
        await using EngineFixture fixture = Create(out Gate gate);
        TaskHandle<string> handle = await fixture.SubmitAsync("many");
        Task<List<TaskEvent>>[] readers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => WatchTests.CollectAsync(handle.WatchAsync())))];
        await gate.Entered;

        gate.Open();

        foreach (List<TaskEvent> events in await Task.WhenAll(readers).Patiently())
        {
            Assert.Equal(Enumerable.Range(0, Lines).Select(i => $"line {i}"), events.OfType<TaskLogEvent>().Select(e => e.Message));
            Assert.IsType<TaskStatusEvent>(events[^1]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(5000)]
    public async Task Read_OfOneTaskAmongMany_IsTheSameHoweverFewAtATime(int atMost)
    {
        const int Kept = 1024;
        await using EngineFixture fixture = EngineFixture.Create((_, _) => Task.FromResult("done"));
        TaskType type = fixture.Tasks.Types.Find(EngineFixture.TypeName)!;
        TaskDefinition[] tasks = [.. Enumerable.Range(1, 5).Select(i => Definition(type, i * Kept / 2))]; // three of them share a chain, and so do two
        var log = new EventLog(Kept);
        var random = new Random(atMost);
        for (int i = 0; i < 3000; i++)
        {
            log.AppendLog(tasks[random.Next(tasks.Length)], LogLevel.Information, $"{i}", DateTimeOffset.UnixEpoch);
        }

        foreach (TaskDefinition task in tasks)
        {
            var read = new List<TaskEvent>();
            var batch = new List<TaskEvent>();
            long after = 0;
            do
            {
                batch.Clear();
                Assert.True(log.TryReadTask(task, after, batch, atMost, out _));
                Assert.True(batch.Count <= atMost);
                read.AddRange(batch);
                after = read.Count == 0 ? after : read[^1].Id.Number;
            }
            while (batch.Count > 0);

            var all = new List<TaskEvent>();
            long position = 3000 - Kept;
            Assert.True(log.TryRead(ref position, new TaskWatchFilter { TaskIds = [task.Id] }, all, atMost: Kept));
            Assert.NotEmpty(all);
            Assert.Equal(all, read);
        }
    }

    private static TaskDefinition Definition(TaskType type, long sequence) =>
        new(Guid.NewGuid(), sequence, new TaskSubmission(type, Parameters: null, new SubmitOptions(), Fingerprint: default, ParametersDigest: null), default);

    private static EngineFixture Create(out Gate gate)
    {
        var opened = new Gate();
        gate = opened;
        return EngineFixture.Create(async (task, context) =>
        {
            await opened.HandleAsync(task, context);
            for (int i = 0; i < Lines; i++)
            {
                if (i % 100 == 0)
                {
                    ((ManualClock)context.Clock).Advance(TimeSpan.FromSeconds(1)); // of more lines within a second no events are made
                }

                context.Logger.LogInformation("line {Number}", i);
            }

            return "done";
        });
    }
}
