using System.Text.RegularExpressions;

namespace TaskManager.Tests.Docs;

/// <summary>What stands in a document.</summary>
internal static partial class Markdown
{
    /// <summary>Gets the code blocks of one language, in order.</summary>
    public static IReadOnlyList<string> Blocks(string markdown, string language) =>
        [.. Blocks(markdown).Where(block => block.Language == language).Select(block => block.Code)];

    /// <summary>Gets all code blocks, each with the text that stands between it and the one before.</summary>
    public static IReadOnlyList<MarkdownBlock> Blocks(string markdown)
    {
        var blocks = new List<MarkdownBlock>();
        int end = 0;
        foreach (Match match in BlockPattern().Matches(markdown))
        {
            blocks.Add(new MarkdownBlock(match.Groups["language"].Value, match.Groups["code"].Value, markdown[end..match.Index]));
            end = match.Index + match.Length;
        }

        return blocks;
    }

    /// <summary>Gets the cells of the table whose first column has this title, without its two head lines.</summary>
    public static IReadOnlyList<string[]> Table(string markdown, string firstColumn)
    {
        string[] lines = markdown.Split('\n');
        int head = Array.FindIndex(lines, line => line.StartsWith($"| {firstColumn} |", StringComparison.Ordinal));
        Assert.True(head >= 0, $"There is no table whose first column is \"{firstColumn}\".");
        return [.. lines.Skip(head + 2).TakeWhile(line => line.StartsWith('|')).Select(Cells)];
    }

    /// <summary>Gets what stands between backticks.</summary>
    public static IReadOnlyList<string> Code(string text) => [.. CodePattern().Matches(text).Select(match => match.Groups["code"].Value)];

    /// <summary>Gets the targets of all links.</summary>
    public static IReadOnlyList<string> Links(string markdown) =>
        [.. LinkPattern().Matches(BlockPattern().Replace(markdown, string.Empty)).Select(match => match.Groups["target"].Value)];

    private static string[] Cells(string line) => [.. CellPattern().Split(line.Trim().Trim('|')).Select(cell => cell.Trim().Replace("\\|", "|", StringComparison.Ordinal))];

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex BlockPattern();

    [GeneratedRegex(@"(?<!\\)\|", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex CellPattern();

    [GeneratedRegex("`(?<code>[^`]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex CodePattern();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex LinkPattern();
}

/// <param name="Language">What the fence names.</param>
/// <param name="Code">What stands inside it.</param>
/// <param name="TextBefore">What stands between the block before and this one.</param>
internal sealed record MarkdownBlock(string Language, string Code, string TextBefore);
