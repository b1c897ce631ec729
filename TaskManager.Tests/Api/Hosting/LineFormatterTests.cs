using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TaskManager.Api.Hosting;

namespace TaskManager.Tests.Api.Hosting;

[Trait("Proof", "http")]
public sealed class LineFormatterTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void Write_AnEvent_IsOneLineOfTimeLevelCategoryAndMessage() =>
        Assert.Equal($"2026-01-01T00:00:00.000Z warn  Some.Category[7] It happened.{Environment.NewLine}", Write(LogLevel.Warning, "It happened."));

    [Theory]
    [InlineData(LogLevel.Trace, "trace")]
    [InlineData(LogLevel.Debug, "debug")]
    [InlineData(LogLevel.Information, "info ")]
    [InlineData(LogLevel.Warning, "warn ")]
    [InlineData(LogLevel.Error, "error")]
    [InlineData(LogLevel.Critical, "crit ")]
    public void Write_AnyLevel_HasAWordOfFiveSigns(LogLevel level, string word) => Assert.Contains($"Z {word} Some", Write(level, "x"), StringComparison.Ordinal);

    [Theory]
    [InlineData("a\nb", "a\\nb")]
    [InlineData("a\r\nb", "a\\r\\nb")]
    [InlineData("a\tb", "a\\tb")]
    [InlineData("a\\nb", "a\\\\nb")] // not to be taken for a line break
    [InlineData("\u001b[31mred", "\\u001b[31mred")]
    [InlineData("a\0b\u0007", "a\\u0000b\\u0007")]
    [InlineData("a\u0085b\u009b", "a\\u0085b\\u009b")]
    [InlineData("a\u2028b\u2029", "a\\u2028b\\u2029")]
    [InlineData("ü 漢 😀 \"quoted\" {braces}", "ü 漢 😀 \"quoted\" {braces}")]
    public void Write_Message_IsEscaped(string message, string written) => Assert.EndsWith($"[7] {written}{Environment.NewLine}", Write(LogLevel.Information, message), StringComparison.Ordinal);

    [Fact]
    public void Write_EveryControlCharacter_LeavesOneLine()
    {
        string all = string.Concat(Enumerable.Range(0, char.MaxValue).Select(code => (char)code).Where(sign => char.IsControl(sign) || char.GetUnicodeCategory(sign) is System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator));
        string line = Write(LogLevel.Information, all);
        Assert.EndsWith(Environment.NewLine, line, StringComparison.Ordinal);
        Assert.DoesNotContain(line[..^Environment.NewLine.Length], sign => char.IsControl(sign) || sign is '\u2028' or '\u2029');
    }

    [Fact]
    public void Write_AnException_StandsOnTheSameLine()
    {
        string line = Write(LogLevel.Error, "It failed.", new InvalidOperationException("no\ngood", new FormatException("inner")));
        Assert.Contains("It failed. | System.InvalidOperationException: no\\ngood", line, StringComparison.Ordinal);
        Assert.Contains("System.FormatException: inner", line, StringComparison.Ordinal);
        Assert.Equal(line.Length - Environment.NewLine.Length, line.IndexOf(Environment.NewLine, StringComparison.Ordinal));
    }

    private string Write(LogLevel level, string message, Exception? exception = null)
    {
        using var writer = new StringWriter();
        new LineFormatter(_clock).Write(new LogEntry<string>(level, "Some.Category", new EventId(7), message, exception, static (state, _) => state), scopeProvider: null, writer);
        return writer.ToString();
    }
}
