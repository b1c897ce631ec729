using System.Numerics;

namespace TaskManager.Storage;

/// <summary>
/// Which segments hold a task in which state: a bit for each segment and state, 64 segments to a word, 64 words to a region, so that the newest segment with a task in one of some
/// states is found without a look at those that have none. Written inside the store's gate, and only when a segment gets its first or loses its last task in a state; read without it.
/// </summary>
internal sealed class StateIndex
{
    private const int Fanout = 64;
    private const int Shift = 6;
    private const int MaxTries = 4;

    /// <summary>The row of the segments that hold any task at all; the rows before it are those of the states.</summary>
    private static readonly int AnyRow = TaskStates.Count;

    private readonly Dictionary<long, Region> _regions = [];
    private Region? _newest;
    private int _moves; // odd while one is under way

    /// <summary>Notes that a segment is there.</summary>
    public void Add(long segment) => Set(segment, AnyRow);

    /// <summary>Notes that a segment holds a task in a state, its first.</summary>
    public void Enter(long segment, TaskState state) => Set(segment, (int)state);

    /// <summary>Notes that a segment holds no task in a state any more.</summary>
    public void Leave(long segment, TaskState state) => Clear(segment, (int)state);

    /// <summary>Notes that a segment is gone.</summary>
    public void Remove(long segment)
    {
        Region region = Clear(segment, AnyRow);
        if (region.IsEmpty(AnyRow) && region != _newest)
        {
            Unlink(region);
        }
    }

    /// <summary>Begins to note the move of a task between two states: a reader that comes in between looks again.</summary>
    public void BeginMove() => Interlocked.Increment(ref _moves);

    public void EndMove() => Volatile.Write(ref _moves, _moves + 1);

    /// <summary>Finds the newest segment, from a number downwards, that may hold a task in one of some states, or in any when there are none.</summary>
    /// <returns>Its number; -1 when there is none. A task that is in one of the states all the while is never missed, even when it moves between two of them.</returns>
    public long FindAtMost(long segment, IReadOnlyCollection<TaskState> states)
    {
        int rows = states.Count == 0 ? 1 << AnyRow : states.Aggregate(0, (mask, state) => mask | (1 << (int)state));
        for (int tries = 0; tries < MaxTries; tries++)
        {
            int moves = Volatile.Read(ref _moves);
            long found = Search(segment, rows);
            if ((moves & 1) == 0 && Volatile.Read(ref _moves) == moves)
            {
                return found;
            }
        }

        return Search(segment, 1 << AnyRow); // too much is moving to tell: the next segment will be looked at
    }

    private long Search(long segment, int rows)
    {
        for (Region? region = Volatile.Read(ref _newest); region is not null; region = region.Older)
        {
            if (region.FindAtMost(segment, rows) is var found and >= 0)
            {
                return found;
            }
        }

        return -1;
    }

    private void Set(long segment, int row)
    {
        long number = segment >> (2 * Shift);
        if (!_regions.TryGetValue(number, out Region? region))
        {
            region = new Region(number) { Older = _newest };
            Region? before = _newest;
            before?.Newer = region;
            _regions.Add(number, region);
            region.Set(segment, row);
            Volatile.Write(ref _newest, region);
            if (before?.IsEmpty(AnyRow) == true)
            {
                Unlink(before);
            }

            return;
        }

        region.Set(segment, row);
    }

    private Region Clear(long segment, int row)
    {
        Region region = _regions[segment >> (2 * Shift)];
        region.Clear(segment, row);
        return region;
    }

    private void Unlink(Region region)
    {
        _regions.Remove(region.Number);
        region.Newer!.Older = region.Older;
        region.Older?.Newer = region.Newer;
    }

    /// <summary>64 words of 64 segments each, and over them a word of which of them hold anything.</summary>
    private sealed class Region(long number)
    {
        private readonly ulong[] _groups = new ulong[TaskStates.Count + 1];
        private readonly ulong[]?[] _segments = new ulong[]?[Fanout];
        private Region? _older;

        public long Number => number;

        /// <summary>Gets or sets the next older region; kept when this one is dropped, so that a reader that stands on it finds its way.</summary>
        public Region? Older
        {
            get => Volatile.Read(ref _older);
            set => Volatile.Write(ref _older, value);
        }

        public Region? Newer { get; set; }

        public bool IsEmpty(int row) => _groups[row] == 0;

        public void Set(long segment, int row)
        {
            int group = GroupOf(segment);
            ulong[]? segments = _segments[group];
            if (segments is null)
            {
                Volatile.Write(ref _segments[group], segments = new ulong[TaskStates.Count + 1]);
            }

            Volatile.Write(ref segments[row], segments[row] | BitOf(segment));
            Volatile.Write(ref _groups[row], _groups[row] | (1UL << group));
        }

        public void Clear(long segment, int row)
        {
            int group = GroupOf(segment);
            ulong[] segments = _segments[group]!;
            Volatile.Write(ref segments[row], segments[row] & ~BitOf(segment));
            if (segments[row] == 0)
            {
                Volatile.Write(ref _groups[row], _groups[row] & ~(1UL << group));
            }
        }

        public long FindAtMost(long segment, int rows)
        {
            long regionOfSegment = segment >> (2 * Shift);
            if (number > regionOfSegment)
            {
                return -1;
            }

            bool isSame = number == regionOfSegment;
            ulong groups = Union(_groups, rows) & UpTo(isSame ? GroupOf(segment) : Fanout - 1);
            while (groups != 0)
            {
                int group = BitOperations.Log2(groups);
                bool isSameGroup = isSame && group == GroupOf(segment);
                ulong segments = Union(Volatile.Read(ref _segments[group])!, rows) & UpTo(isSameGroup ? (int)(segment % Fanout) : Fanout - 1);
                if (segments != 0)
                {
                    return (((number << Shift) | (uint)group) << Shift) | (uint)BitOperations.Log2(segments);
                }

                groups &= ~(1UL << group);
            }

            return -1;
        }

        private static ulong Union(ulong[] words, int rows)
        {
            ulong union = 0;
            for (int left = rows; left != 0; left &= left - 1)
            {
                union |= Volatile.Read(ref words[BitOperations.TrailingZeroCount(left)]);
            }

            return union;
        }

        private static int GroupOf(long segment) => (int)((segment >> Shift) % Fanout);

        private static ulong BitOf(long segment) => 1UL << (int)(segment % Fanout);

        private static ulong UpTo(int bit) => ulong.MaxValue >> (Fanout - 1 - bit);
    }
}
