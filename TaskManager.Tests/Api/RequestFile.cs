using System.Globalization;
using System.Text.RegularExpressions;

namespace TaskManager.Tests.Api;

/// <summary>A request of <c>requests.http</c>.</summary>
internal sealed record RequestExample(string? Name, int? Announced, HttpMethod Method, string Address, IReadOnlyList<(string Name, string Value)> Headers, string Body)
{
    public override string ToString() => $"{Method} {Address}";
}

/// <summary>Reads the file as the editors do: requests between lines that begin with <c>###</c>, variables, and values out of earlier answers.</summary>
internal static partial class RequestFile
{
    public static IReadOnlyList<RequestExample> Read(string text)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        var requests = new List<RequestExample>();
        foreach (string block in SeparatorPattern().Split(text))
        {
            if (ReadBlock(block.Split('\n'), variables) is { } request)
            {
                requests.Add(request);
            }
        }

        return requests;
    }

    /// <summary>Puts in what earlier answers gave.</summary>
    /// <param name="text">The text.</param>
    /// <param name="find">Finds a member of the answer to a named request, such as <c>task_id</c> or <c>tasks[0].task_id</c>.</param>
    public static string Fill(string text, Func<string, string, string> find) =>
        ReferencePattern().Replace(text, match => find(match.Groups["name"].Value, match.Groups["member"].Value));

    private static RequestExample? ReadBlock(string[] lines, Dictionary<string, string> variables)
    {
        (string? name, int? announced) = (null, null);
        int at = 0;
        for (; at < lines.Length && (lines[at].Length == 0 || lines[at][0] is '#' or '@'); at++)
        {
            if (VariablePattern().Match(lines[at]) is { Success: true } variable)
            {
                variables.Add(variable.Groups["name"].Value, variable.Groups["value"].Value);
            }
            else if (lines[at].StartsWith("# @name ", StringComparison.Ordinal))
            {
                name = lines[at][8..];
            }
            else if (lines[at].StartsWith("# answers ", StringComparison.Ordinal))
            {
                announced = int.Parse(lines[at][10..], CultureInfo.InvariantCulture);
            }
        }

        if (at == lines.Length)
        {
            return null; // nothing but comments and variables
        }

        string[] request = variables.Aggregate(string.Join('\n', lines[at..]), (filled, variable) => filled.Replace($"{{{{{variable.Key}}}}}", variable.Value, StringComparison.Ordinal)).Split('\n');
        string[] first = request[0].Split(' ');
        Assert.Equal(2, first.Length);
        int headers = Array.IndexOf(request, string.Empty);
        return new RequestExample(
            name,
            announced,
            HttpMethod.Parse(first[0]),
            first[1],
            [.. request[1..(headers < 0 ? request.Length : headers)].Select(line => line.Split(": ", 2)).Select(pair => (pair[0], pair[1]))],
            headers < 0 ? string.Empty : string.Join('\n', request[headers..]).Trim('\n'));
    }

    [GeneratedRegex("^###.*\n", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SeparatorPattern();

    [GeneratedRegex(@"^@(?<name>\w+) = (?<value>.+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VariablePattern();

    [GeneratedRegex(@"\{\{(?<name>\w+)\.response\.body\.\$\.(?<member>\w+(\[\d+\]\.\w+)?)\}\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ReferencePattern();
}
