namespace TaskManager.Api.Samples;

/// <summary>All that the samples say in the log. Their lines share a category with the library's, whose numbers are below 100.</summary>
internal static partial class SampleLog
{
    [LoggerMessage(EventId = 100, Level = LogLevel.Information, Message = "Line {Line} of a flood")]
    public static partial void Flooding(ILogger logger, long line);

    [LoggerMessage(EventId = 101, Level = LogLevel.Information, Message = "Encoding {Frames} frames")]
    public static partial void Encoding(ILogger logger, int frames);
}
