using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Conformance;

/// <summary>A stream of events. Each must come after the one before it, whatever is tested.</summary>
internal sealed class WireStream(EventStreamClient stream) : IAsyncDisposable
{
    /// <summary>How many pings in a row, 15 seconds apart, say that what was waited for does not come.</summary>
    private const int MaxPings = 2;

    private ServerSentEvent? _last;

    /// <summary>Reads the next event, past the pings.</summary>
    /// <returns><see langword="null"/> at the end of the stream.</returns>
    public async Task<ServerSentEvent?> NextAsync()
    {
        int pings = 0;
        ServerSentEvent? happened = await stream.NextAsync();
        while (happened is { Data: null, Comment: not null })
        {
            Assert.True(++pings < MaxPings, "Nothing but pings came.");
            happened = await stream.NextAsync();
        }

        Assert.True(happened is null || _last is null || happened.Number > _last.Number, $"{happened?.Id} came after {_last?.Id}.");
        _last = happened;
        return happened;
    }

    public async Task<List<ServerSentEvent>> ReadAsync(int count)
    {
        var events = new List<ServerSentEvent>();
        while (events.Count < count)
        {
            events.Add(await NextAsync() ?? throw new EndOfStreamException($"The stream ended after {events.Count} of {count} events."));
        }

        return events;
    }

    public async Task<List<ServerSentEvent>> ReadToEndAsync()
    {
        var events = new List<ServerSentEvent>();
        while (await NextAsync() is { } happened)
        {
            events.Add(happened);
        }

        return events;
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
