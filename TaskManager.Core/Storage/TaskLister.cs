namespace TaskManager.Storage;

/// <summary>Lists the table, newest first, without a lock: each task as it stands when it is looked at.</summary>
internal sealed class TaskLister(TaskTable table)
{
    public TaskPage List(TaskQuery query)
    {
        var items = new List<TaskRecord>(Math.Min(query.Limit, 64));
        long before = query.Before ?? long.MaxValue;
        int examined = 0;
        Segment? segment = table.FindAtMost(Segment.NumberOf(before - 1), query.States);
        while (segment is not null)
        {
            TaskEntry?[] entries = segment.Entries;
            for (int i = entries.Length - 1; i >= 0; i--)
            {
                if (Volatile.Read(ref entries[i]) is not { } entry || entry.Sequence >= before)
                {
                    continue;
                }

                if (items.Count == query.Limit || examined == TaskQuery.MaxExamined)
                {
                    return new TaskPage(items, entry.Sequence + 1);
                }

                examined++;
                TaskRecord record = entry.Record;
                if (query.Matches(record))
                {
                    items.Add(record);
                }
            }

            segment = table.FindAtMost(segment.Number - 1, query.States);
        }

        return new TaskPage(items, Next: null);
    }
}
