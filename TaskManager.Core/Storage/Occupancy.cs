namespace TaskManager.Storage;

/// <summary>How full the store is: the tasks that have not ended, and the bytes of what is kept. Changed inside the store's gate, but for the bytes of logs; looked at without it.</summary>
internal sealed class Occupancy(TaskManagerOptions options)
{
    private long _storedBytes;
    private int _unfinished;

    public long StoredBytes => Volatile.Read(ref _storedBytes);

    public bool IsFull => Volatile.Read(ref _unfinished) >= options.QueueCapacity || StoredBytes >= options.MaxStoredBytes;

    public bool HoldsTooManyBytes => StoredBytes > options.MaxStoredBytes;

    /// <summary>Gets how many bytes a value takes: only what came serialised is counted.</summary>
    public static int SizeOf(object? value) => value is JsonPayload payload ? payload.Utf8.Length : 0;

    public bool HasRoomFor(int tasks, long bytes) => _unfinished + tasks <= options.QueueCapacity && StoredBytes + bytes < options.MaxStoredBytes;

    /// <summary>Counts a task that is unfinished, newly or again.</summary>
    public void Began() => _unfinished++;

    public void Ended() => _unfinished--;

    /// <summary>Counts bytes that came or, below zero, went.</summary>
    public void Grow(long bytes)
    {
        if (bytes != 0)
        {
            Interlocked.Add(ref _storedBytes, bytes);
        }
    }
}
