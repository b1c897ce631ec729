using System.Collections.Concurrent;
using System.Diagnostics;

namespace TaskManager.Tests.Core.Diagnostics;

/// <summary>Whoever listens to spans listens to those of the whole process: such tests run beside no other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ListensToSpans
{
    public const string Name = "listens to spans";
}

/// <summary>Listens to sources of spans, and keeps those that have ended.</summary>
internal sealed class SpanLog : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly ConcurrentQueue<Activity> _ended = new();

    public SpanLog(params string[] sources)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => sources.Contains(source.Name),
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                OnEnded?.Invoke(span);
                _ended.Enqueue(span);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public Action<Activity>? OnEnded { get; init; }

    public Activity[] All => [.. _ended];

    /// <summary>Waits until so many spans of a name have ended.</summary>
    public async Task<Activity[]> EndedAsync(string name, int count = 1)
    {
        await Patience.UntilAsync(() => _ended.Count(span => span.DisplayName == name) >= count);
        Activity[] spans = [.. _ended.Where(span => span.DisplayName == name)];
        Assert.Equal(count, spans.Length);
        return spans;
    }

    public void Dispose() => _listener.Dispose();
}
