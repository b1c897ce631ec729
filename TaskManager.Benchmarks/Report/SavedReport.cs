namespace TaskManager.Benchmarks.Report;

/// <summary>The last report, between two marks in <c>docs/benchmarks.md</c>.</summary>
internal static class SavedReport
{
    private const string Begin = "<!-- report -->";
    private const string End = "<!-- end of report -->";

    public static void Replace(string report)
    {
        string path = Checkout.PathOf("docs", "benchmarks.md");
        string page = File.ReadAllText(path);
        int start = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = page.IndexOf(End, StringComparison.Ordinal);
        File.WriteAllText(path, $"{page[..start]}\n\n{report.Trim()}\n\n{page[end..]}");
    }
}
