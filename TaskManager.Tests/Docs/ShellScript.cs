using System.Text;
using System.Text.RegularExpressions;

namespace TaskManager.Tests.Docs;

/// <summary>
/// The requests of a <c>bash</c> block, with as much of the shell as the documents use: quotes, <c>$NAME</c>, lines that go on after a backslash, <c>NAME=value</c> and
/// <c>NAME=$(curl … | jq -r .member)</c>. Anything else is a fault of the document.
/// </summary>
internal static partial class ShellScript
{
    /// <summary>Splits a script into its commands, without comments.</summary>
    public static IReadOnlyList<string> Commands(string script) =>
        [.. script.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Select(line => CommentPattern().Replace(line, string.Empty).Trim()).Where(line => line.Length > 0)];

    /// <summary>Reads <c>NAME=$(command | jq -r .member)</c>.</summary>
    /// <returns><see langword="false"/> when the command is none of that form.</returns>
    public static bool TryReadCapture(string command, out string name, out string inner, out string member)
    {
        Match match = CapturePattern().Match(command);
        (name, inner, member) = (match.Groups["name"].Value, match.Groups["inner"].Value, match.Groups["member"].Value);
        return match.Success;
    }

    /// <summary>Reads <c>NAME=value</c>.</summary>
    /// <returns><see langword="false"/> when the command is none of that form.</returns>
    public static bool TryReadAssignment(string command, out string name, out string value)
    {
        Match match = AssignmentPattern().Match(command);
        (name, value) = (match.Groups["name"].Value, match.Groups["value"].Value);
        return match.Success;
    }

    /// <summary>Splits a command into words, as a shell does.</summary>
    public static IReadOnlyList<string> Words(string command, IReadOnlyDictionary<string, string> variables)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        bool isWord = false;
        char quote = '\0';
        for (int at = 0; at < command.Length; at++)
        {
            char c = command[at];
            if (c == '$' && quote != '\'')
            {
                string name = NamePattern().Match(command, at + 1).Value;
                word.Append(variables[name]);
                at += name.Length;
                isWord = true;
            }
            else if (c == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && c is '\'' or '"' && quote == '\0')
            {
                (quote, isWord) = (c, true);
            }
            else if (quote == '\0' && c == ' ')
            {
                Add();
            }
            else
            {
                Assert.False(quote == '\0' && "|&;<>()`".Contains(c, StringComparison.Ordinal), $"More of the shell than is understood: {command}");
                word.Append(c);
                isWord = true;
            }
        }

        Assert.Equal('\0', quote);
        Add();
        return words;

        void Add()
        {
            if (isWord)
            {
                words.Add(word.ToString());
            }

            word.Clear();
            isWord = false;
        }
    }

    [GeneratedRegex("(^|  +)#.*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CommentPattern();

    [GeneratedRegex(@"^(?<name>[A-Z_]+)=\$\((?<inner>.+) \| jq -r \.(?<member>\w+)\)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CapturePattern();

    [GeneratedRegex(@"^(?<name>[A-Z_]+)=(?<value>[\w-]+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AssignmentPattern();

    [GeneratedRegex(@"\G[A-Z_]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}
