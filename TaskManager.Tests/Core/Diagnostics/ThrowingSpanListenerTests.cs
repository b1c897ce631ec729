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
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "TaskManager",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = span => ThrowIf(atTheStart, span),
            ActivityStopped = span => ThrowIf(!atTheStart, span),
        };
        ActivitySource.AddActivityListener(listener);
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

    private static void ThrowIf(bool asked, Activity span)
    {
        if (asked && span.OperationName.StartsWith("run ", StringComparison.Ordinal))
        {
            throw new InvalidOperationException("no good listener");
        }
    }
}
