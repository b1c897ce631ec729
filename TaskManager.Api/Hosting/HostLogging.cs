using Microsoft.Extensions.Logging.Console;

namespace TaskManager.Api.Hosting;

/// <summary>What the host's log looks like on the console.</summary>
internal static class HostLogging
{
    /// <summary>Adds the form of one line an event; <c>Logging:Console:FormatterName</c> chooses another, such as <c>json</c> for machines.</summary>
    public static void AddLineFormatter(this ILoggingBuilder logging) => logging.AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();
}
