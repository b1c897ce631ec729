using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace TaskManager.Api.Hosting;

/// <summary>Writes each log event on one line: time, level, category, message, exception. Control characters are escaped, so that no value can begin a line of its own or reach a terminal.</summary>
internal sealed class LineFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var line = new StringBuilder(256);
        line.Append(clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture))
            .Append(' ').Append(NameOf(logEntry.LogLevel))
            .Append(' ').Append(logEntry.Category)
            .Append(CultureInfo.InvariantCulture, $"[{logEntry.EventId.Id}] ");
        AppendEscaped(line, logEntry.Formatter(logEntry.State, logEntry.Exception));
        if (logEntry.Exception is { } exception)
        {
            AppendEscaped(line.Append(" | "), exception.ToString());
        }

        textWriter.WriteLine(line);
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info ",
        LogLevel.Warning => "warn ",
        LogLevel.Error => "error",
        _ => "crit ",
    };

    private static void AppendEscaped(StringBuilder line, string text)
    {
        foreach (char sign in text)
        {
            _ = sign switch
            {
                '\n' => line.Append("\\n"),
                '\r' => line.Append("\\r"),
                '\t' => line.Append("\\t"),
                '\\' => line.Append("\\\\"),
                _ when char.IsControl(sign) || sign is '\u2028' or '\u2029' => line.Append(CultureInfo.InvariantCulture, $"\\u{(int)sign:x4}"),
                _ => line.Append(sign),
            };
        }
    }
}
