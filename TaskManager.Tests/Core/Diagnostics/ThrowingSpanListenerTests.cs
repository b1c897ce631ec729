using System.Diagnostics;
using TaskManager.Tests.Core.Engine;

namespace TaskManager.Tests.Core.Diagnostics;

[Collection(ListensToSpans.Name)]
public sealed class ThrowingSpanListenerTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_SpanListenerThatThrows_EndsTheTaskAndFreesTheSlot(bool atTheStart)
    {
        using ActivityListener listener = ListenAndThrowAt("run ", atTheStart);
        var fixture = EngineFixture.Create((task, _) => Task.FromResult(task.Name), options => options.MaxConcurrency = 1);

        try
        {
            Assert.Equal("first", await (await fixture.SubmitAsync("first")).WaitAsync().Patiently());
            Assert.Equal("second", await (await fixture.SubmitAsync("second")).WaitAsync().Patiently());
            await Patience.UntilAsync(() => fixture.Pool.Status.Busy == 0);
        }
        finally
        {
            await fixture.DisposeInTimeAsync();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Submit_SpanListenerThatThrows_IsAnsweredAllTheSame(bool atTheStart)
    {
        using ActivityListener listener = ListenAndThrowAt("submit ", atTheStart);
        await using var fixture = EngineFixture.Create((task, _) => Task.FromResult(task.Name));

        Assert.Equal("first", await (await fixture.Tasks.SubmitAsync(new Work("first"))).WaitAsync().Patiently());
        Assert.IsType<SubmitResult.Accepted>(await fixture.Tasks.TrySubmitAsync(new TaskRequest("work", new Work("second"), Options: null)));
        Assert.Equal(2, (await fixture.Tasks.GetStatisticsAsync()).Counts.Accepted);
        Assert.Null(Activity.Current);
    }

    private static ActivityListener ListenAndThrowAt(string name, bool atTheStart)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "TaskManager",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = span => ThrowIf(atTheStart, span, name),
            ActivityStopped = span => ThrowIf(!atTheStart, span, name),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static void ThrowIf(bool asked, Activity span, string name)
    {
        if (asked && span.OperationName.StartsWith(name, StringComparison.Ordinal))
        {
            throw new InvalidOperationException("no good listener");
        }
    }
}
