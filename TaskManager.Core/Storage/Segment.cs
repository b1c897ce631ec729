using TaskManager.Queueing;

namespace TaskManager.Storage;

/// <summary>
/// The tasks with neighbouring sequences, and how many of them stand in each state. Written inside the store's gate, read without it. When most of a full segment's tasks are gone,
/// the rest moves into an array of its size, and again when half of those are.
/// </summary>
internal sealed class Segment(long number)
{
    public const int Size = 1024;

    private const int SparseBelow = Size / 8;

    private TaskEntry?[] _entries = new TaskEntry?[Size];

    /// <summary>Gets the segment's place in the order of sequences.</summary>
    public long Number { get; } = number;

    public StateCounts Counts { get; } = new();

    public int Live { get; private set; }

    /// <summary>Gets or sets a value indicating whether every sequence of the segment has been given out.</summary>
    public bool IsSealed { get; set; }

    /// <summary>Gets the entries by rising sequence, with gaps; the array never changes its order.</summary>
    public TaskEntry?[] Entries => Volatile.Read(ref _entries);

    public static long NumberOf(long sequence) => sequence / Size;

    public TaskEntry? Find(long sequence)
    {
        TaskEntry?[] entries = Entries;
        if (entries.Length == Size)
        {
            return Volatile.Read(ref entries[sequence % Size]);
        }

        foreach (TaskEntry? entry in entries)
        {
            if (entry?.Sequence == sequence)
            {
                return entry;
            }
        }

        return null;
    }

    public void Add(TaskEntry entry)
    {
        Live++;
        Volatile.Write(ref _entries[entry.Sequence % Size], entry);
    }

    public void Remove(TaskEntry entry)
    {
        Live--;
        TaskEntry?[] entries = _entries;
        bool isWhole = entries.Length == Size;
        Volatile.Write(ref entries[isWhole ? entry.Sequence % Size : Array.IndexOf(entries, entry)], null);
        if (IsSealed && Live > 0 && Live < (isWhole ? SparseBelow : entries.Length / 2))
        {
            Volatile.Write(ref _entries, Array.FindAll(entries, static kept => kept is not null));
        }
    }
}
