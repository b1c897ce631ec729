using TaskManager.Queueing;

namespace TaskManager.Storage;

/// <summary>
/// The tasks with neighbouring sequences, and how many of them stand in each state, so that a list skips a segment that holds none of the asked state. Written inside the store's
/// gate, read without it. When most of a full segment's tasks are gone, the rest moves into an array of its size.
/// </summary>
internal sealed class Segment(long number)
{
    public const int Size = 1024;

    private const int SparseBelow = Size / 8;

    private TaskEntry?[] _entries = new TaskEntry?[Size];
    private Segment? _older;
    private int _moves; // odd while one is under way

    /// <summary>Gets the segment's place in the order of sequences.</summary>
    public long Number { get; } = number;

    public StateCounts Counts { get; } = new();

    public int Live { get; private set; }

    /// <summary>Gets or sets a value indicating whether every sequence of the segment has been given out.</summary>
    public bool IsSealed { get; set; }

    /// <summary>Gets or sets the next older segment; kept when this one is removed, so that a reader that stands on it finds its way.</summary>
    public Segment? Older
    {
        get => Volatile.Read(ref _older);
        set => Volatile.Write(ref _older, value);
    }

    public Segment? Newer { get; set; }

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

        return Array.Find(entries, entry => entry!.Sequence == sequence);
    }

    /// <summary>Tells whether a reader may find a task in one of these states here, or in any when there are none.</summary>
    /// <returns><see langword="true"/> also when it cannot be told: a task that moves between two of them is counted in neither for a moment.</returns>
    public bool MayHold(IReadOnlyCollection<TaskState> states)
    {
        if (states.Count == 0)
        {
            return Live > 0;
        }

        int moves = Volatile.Read(ref _moves);
        foreach (TaskState state in states)
        {
            if (Counts[state] > 0)
            {
                return true;
            }
        }

        return (moves & 1) == 1 || Volatile.Read(ref _moves) != moves;
    }

    /// <summary>Begins the change of a task's status.</summary>
    public void BeginMove() => Volatile.Write(ref _moves, _moves + 1);

    /// <summary>Ends the change of a task's status.</summary>
    public void EndMove(TaskState from, TaskState to)
    {
        Counts[from]--;
        Counts[to]++;
        Volatile.Write(ref _moves, _moves + 1);
    }

    public void Add(TaskEntry entry)
    {
        Live++;
        Volatile.Write(ref _entries[entry.Sequence % Size], entry);
    }

    public void Remove(TaskEntry entry)
    {
        Live--;
        if (_entries.Length == Size)
        {
            Volatile.Write(ref _entries[entry.Sequence % Size], null);
            if (!IsSealed || Live == 0 || Live >= SparseBelow)
            {
                return;
            }
        }

        Volatile.Write(ref _entries, Array.FindAll(_entries, kept => kept is not null && kept != entry));
    }
}
