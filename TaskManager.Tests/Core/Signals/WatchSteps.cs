namespace TaskManager.Tests.Core.Signals;

/// <summary>Reads a watch event by event.</summary>
internal sealed class WatchSteps(IAsyncEnumerable<TaskEvent> events) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<TaskEvent> _events = events.GetAsyncEnumerator();

    public TaskEvent Current => _events.Current;

    public async Task<string> NextAsync() => await _events.MoveNextAsync().Patiently() ? EventSteps.Describe(_events.Current) : "end";

    public ValueTask DisposeAsync() => _events.DisposeAsync();

    /// <summary>Reads a watch that ends.</summary>
    public static async Task<List<string>> CollectAsync(IAsyncEnumerable<TaskEvent> events)
    {
        await using var watch = new WatchSteps(events);
        var collected = new List<string>();
        while (await watch.NextAsync() is var happened && happened != "end")
        {
            collected.Add(happened);
        }

        return collected;
    }
}
