using System.Text;

namespace TaskManager.Benchmarks.Report;

/// <summary>Writes the rows as Markdown.</summary>
internal static class Table
{
    public static string Write(IEnumerable<Row> rows)
    {
        var text = new StringBuilder();
        text.AppendLine("| scenario | TaskManager | bare limit | peers | ratio | goal | |");
        text.AppendLine("| --- | --- | --- | --- | --- | --- | --- |");
        foreach (Row row in rows)
        {
            string verdict = row.IsMet switch { true => "met", false => "**missed**", null => string.Empty };
            text.AppendLine($"| {string.Join(" | ", row.Scenario, row.Figure, row.Limit, row.Peers, row.Ratio, row.Goal, verdict)} |");
        }

        return text.ToString();
    }
}
