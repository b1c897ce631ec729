using Microsoft.Extensions.Logging;

namespace TaskManager.Storage;

/// <summary>The last lines that a task wrote.</summary>
internal sealed class TaskLog(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Queue<TaskLogEntry> _lines = new(); // guarded by _gate
    private long _last;
    private bool _isClosed;

    /// <summary>Adds a line.</summary>
    /// <returns>How many bytes the log takes more than before, negative when what was dropped was larger; <see langword="null"/> when it is closed.</returns>
    public int? TryAppend(LogLevel level, string message, DateTimeOffset at)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return null;
            }

            _lines.Enqueue(new TaskLogEntry(++_last, level, message, at));
            int grown = SizeOf(message);
            while (_lines.Count > capacity)
            {
                grown -= SizeOf(_lines.Dequeue().Message);
            }

            return grown;
        }
    }

    public TaskLogPage Read(long after, LogLevel least, int limit)
    {
        lock (_gate)
        {
            TaskLogEntry[] items = [.. _lines.Where(line => line.Sequence > after && line.Level >= least).Take(limit + 1)];
            return items.Length > limit
                ? new TaskLogPage(items[..limit], items[limit - 1].Sequence, _last - _lines.Count)
                : new TaskLogPage(items, Next: null, _last - _lines.Count);
        }
    }

    /// <summary>Takes no more lines: a writer that comes late would add bytes that nobody ever takes off again.</summary>
    /// <returns>How many bytes the log takes.</returns>
    public long Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            return _lines.Sum(line => (long)SizeOf(line.Message));
        }
    }

    // As it stands in memory: UTF-16, and the objects around it.
    private static int SizeOf(string message) => (2 * message.Length) + 100;
}
