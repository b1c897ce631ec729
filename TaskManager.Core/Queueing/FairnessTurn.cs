namespace TaskManager.Queueing;

/// <summary>One fairness key's place in the rotation of a priority. Lives while a task of any type is ready under that key.</summary>
internal sealed class FairnessTurn(string? key)
{
    /// <summary>Gets the key; <see langword="null"/> for the one that all tasks without a key share.</summary>
    public string? Key { get; } = key;

    /// <summary>Gets or sets the moment of the last turn: the smaller it is, the longer ago, and the sooner the next. A key that joins stands behind all that wait.</summary>
    public long Rank { get; set; }

    /// <summary>Gets or sets how many tasks are ready under the key.</summary>
    public int Ready { get; set; }
}
