using Microsoft.Extensions.Logging;
using TaskManager.Storage;
using static TaskManager.Tests.Core.Storage.Entries;

namespace TaskManager.Tests.Core.Storage;

public sealed class TaskLogTests
{
    private readonly TaskLog _log = new(capacity: 2);

    [Fact]
    public void TryAppend_RingThatIsFull_SaysWhatItGrewBy()
    {
        int? ofTen = Append("0123456789");
        Assert.InRange(ofTen!.Value, 20, 200); // as it stands in memory
        Assert.Equal(ofTen - 20, Append(string.Empty));
        Assert.Equal(0, Append("abcdefghij")); // one of the same size went
        Assert.Equal(0, Append(string.Empty));
        Assert.Equal(-20, Append(string.Empty));
    }

    [Fact]
    public void Close_Lines_SaysWhatTheyTakeTogether()
    {
        long? sum = Append("a") + Append("bcd") + Append("ef");

        Assert.Equal(sum, _log.Close());
    }

    [Fact]
    public void Close_MoreThanTwoGibibytes_AreCounted()
    {
        const int Lines = 300_000;
        var log = new TaskLog(Lines);
        string line = new('x', 4096);
        for (int i = 0; i < Lines; i++)
        {
            log.TryAppend(LogLevel.Information, line, At(0).Utc);
        }

        long size = log.Close();

        Assert.InRange(size, 2L * 4096 * Lines, long.MaxValue);
    }

    [Fact]
    public void Close_LinesThatComeLater_AreNotTaken()
    {
        Append("kept");
        long size = _log.Close();

        Assert.Null(Append("late"));

        Assert.Equal(size, _log.Close());
        Assert.Equal(["kept"], _log.Read(0, LogLevel.Trace, 10).Items.Select(line => line.Message));
    }

    [Fact]
    public void Read_LinesThatWereDropped_LeaveAGapInTheSequence()
    {
        foreach (string line in new[] { "a", "b", "c", "d" })
        {
            Append(line);
        }

        TaskLogPage page = _log.Read(after: 0, LogLevel.Trace, limit: 1);
        Assert.Equal((3L, "c", 3L, 2L), (page.Items[0].Sequence, page.Items[0].Message, page.Next, page.Dropped));
        page = _log.Read(after: 3, LogLevel.Trace, limit: 1);
        Assert.Equal((4L, null, 2L), (page.Items[0].Sequence, page.Next, page.Dropped));
    }

    private int? Append(string message) => _log.TryAppend(LogLevel.Information, message, At(0).Utc);
}
