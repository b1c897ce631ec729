using System.Collections.Concurrent;

namespace TaskManager.Tests.Proof.Races;

/// <summary>Counts the ends of every task.</summary>
internal sealed class FinalEvents
{
    private readonly ConcurrentDictionary<Guid, int> _ends = new();
    private readonly ITaskStore _store;

    public FinalEvents(ITaskStore store)
    {
        _store = store;
        store.Changed += change =>
        {
            if (change.Record.IsDone && change.From?.IsFinal() != true)
            {
                _ends.AddOrUpdate(change.Record.Id, 1, (_, ends) => ends + 1);
            }
        };
    }

    public int Tasks => _ends.Count;

    public int Of(Guid id) => _ends.GetValueOrDefault(id);

    public async Task AssertOneEachAsync()
    {
        await _store.CountAsync(CancellationToken.None); // inside the store's gate, where the last end may still be being told
        Assert.All(_ends, end => Assert.Equal(1, end.Value));
    }
}
