using System.Text.RegularExpressions;

namespace TaskManager.Tests.Docs;

/// <summary>The code blocks of a document.</summary>
internal static partial class Markdown
{
    public static IReadOnlyList<string> Blocks(string markdown, string language) =>
        [.. BlockPattern().Matches(markdown).Where(match => match.Groups["language"].Value == language).Select(match => match.Groups["code"].Value)];

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex BlockPattern();
}
