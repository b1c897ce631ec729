using System.Globalization;
using System.Text;

namespace TaskManager.Tests.AspNetCore.Metrics;

/// <summary>One sample: a name, its labels and a value.</summary>
internal sealed record MetricSample(string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    /// <summary>Gets what tells the series from every other.</summary>
    public string Series => $"{Name}{{{string.Join(',', Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"))}}}";
}

/// <summary>Reads Prometheus' text format, version 0.0.4, and refuses whatever is not quite that.</summary>
internal static class MetricsText
{
    public static IReadOnlyList<MetricSample> Parse(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        string[] lines = text[..^1].Split('\n');
        var samples = new List<MetricSample>();
        var families = new HashSet<string>(StringComparer.Ordinal);
        for (int at = 0; at < lines.Length;)
        {
            string[] help = lines[at].Split(' ', 4);
            Assert.True(help is ["#", "HELP", _, { Length: > 0 }], $"A family begins with its HELP, not with: {lines[at]}");
            Assert.True(families.Add(help[2]), $"{help[2]} comes twice.");
            string[] type = lines[at + 1].Split(' ');
            Assert.True(type is ["#", "TYPE", _, "counter" or "gauge" or "histogram"] && type[2] == help[2], $"Its TYPE follows, not: {lines[at + 1]}");
            MetricSample[] family = [.. lines.Skip(at + 2).TakeWhile(line => !line.StartsWith('#')).Select(ParseSample)];
            MetricFamilyLaws.Check(help[2], type[3], family);
            samples.AddRange(family);
            at += 2 + family.Length;
        }

        Assert.Equal(samples.Select(sample => sample.Series).Distinct(StringComparer.Ordinal), samples.Select(sample => sample.Series));
        return samples;
    }

    private static MetricSample ParseSample(string line)
    {
        int nameEnd = line.IndexOfAny(['{', ' ']);
        Assert.True(nameEnd > 0, $"No sample: {line}");
        int at = nameEnd;
        Dictionary<string, string> labels = line[at] == '{' ? ParseLabels(line, ref at) : [];
        Assert.True(line[at] == ' ', $"A space stands before the value: {line}");
        string value = line[(at + 1)..];
        Assert.True(double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number), $"No finite number: {line}");
        return new MetricSample(line[..nameEnd], labels, number);
    }

    private static Dictionary<string, string> ParseLabels(string line, ref int at)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        do
        {
            int equals = line.IndexOf('=', at);
            string name = line[(at + 1)..equals];
            Assert.Matches("^[a-zA-Z_][a-zA-Z0-9_]*$", name);
            at = equals + 1;
            Assert.True(labels.TryAdd(name, ParseQuoted(line, ref at)), $"The label {name} comes twice: {line}");
        }
        while (line[at] == ',');

        Assert.True(line[at++] == '}', $"The labels do not end: {line}");
        return labels;
    }

    private static string ParseQuoted(string line, ref int at)
    {
        Assert.True(line[at] == '"', $"A label's value is quoted: {line}");
        var value = new StringBuilder();
        for (at++; line[at] != '"'; at++)
        {
            value.Append(line[at] != '\\' ? line[at] : line[++at] switch
            {
                '\\' => '\\',
                '"' => '"',
                'n' => '\n',
                var other => throw new FormatException($"\\{other} is no escape: {line}"),
            });
        }

        at++;
        return value.ToString();
    }
}
