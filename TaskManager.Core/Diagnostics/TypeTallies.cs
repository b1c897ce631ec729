namespace TaskManager.Diagnostics;

/// <summary>What has happened to the tasks of each type since the start. Written inside the store's gate, read without it.</summary>
internal sealed class TypeTallies(int maxTypes)
{
    private readonly TypeTally?[] _byOrdinal = new TypeTally?[maxTypes];

    /// <summary>Gets the tally of each type that ever had a task.</summary>
    public IEnumerable<TypeTally> All => _byOrdinal.OfType<TypeTally>();

    public void Record(in TaskChange change)
    {
        TaskType type = change.Record.Definition.Type;
        ref TypeTally? tally = ref _byOrdinal[type.Ordinal];
        if (tally is null)
        {
            Volatile.Write(ref tally, new TypeTally(type));
        }

        tally.Record(change.From, change.Record.State);
    }
}
