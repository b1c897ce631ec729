using Microsoft.Extensions.Logging;
using TaskManager.Lifecycle;

namespace TaskManager.Storage;

/// <content>What attempts say on the way. None of it takes the gate, which a flood would hold.</content>
internal sealed partial class InMemoryTaskStore
{
    public ValueTask<bool> ReportProgressAsync(Guid id, int attempt, TaskProgress progress, CancellationToken cancellationToken)
    {
        if (_table.Find(id) is not { } entry)
        {
            return new ValueTask<bool>(result: false);
        }

        return new ValueTask<bool>(entry.TryReport(attempt, progress));
    }

    public ValueTask<bool> AppendLogAsync(Guid id, int attempt, LogLevel level, string message, CancellationToken cancellationToken)
    {
        if (_options.MaxLogEntries == 0 || _table.Find(id) is not { } entry || entry.LogOf(attempt, _options.MaxLogEntries) is not { } log)
        {
            return new ValueTask<bool>(result: false);
        }

        if (log.TryAppend(level, message, _clock.GetUtcNow()) is not { } grown)
        {
            return new ValueTask<bool>(result: false);
        }

        _occupancy.Grow(grown);
        return new ValueTask<bool>(result: true);
    }

    public ValueTask<TaskLogPage?> ReadLogAsync(Guid id, long after, LogLevel least, int limit, CancellationToken cancellationToken) => _table.Find(id) is { } entry
        ? new ValueTask<TaskLogPage?>(entry.Log?.Read(after, least, limit) ?? new TaskLogPage([], Next: null, Dropped: 0))
        : new ValueTask<TaskLogPage?>(result: null);

    public ValueTask<bool> NoteLateReportAsync(LeaseKey lease, LateReport report, CancellationToken cancellationToken)
    {
        LateReports? reports = _table.Find(lease.TaskId)?.Record.FindLease(lease.Token)?.LateReports;
        reports?.Add(report);
        return new ValueTask<bool>(reports is not null);
    }
}
