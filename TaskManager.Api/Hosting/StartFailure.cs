using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace TaskManager.Api.Hosting;

/// <summary>Why the host did not start, where that is for whoever started it to mend: there a stack trace would only hide the reason.</summary>
internal static class StartFailure
{
    public const int ExitCode = 1;

    /// <summary>Says what is wrong and what would be right.</summary>
    /// <returns><see langword="null"/> when the fault is the host's own.</returns>
    public static string? Describe(Exception error) => error switch
    {
        AggregateException all => DescribeAll(all),
        OptionsValidationException types when types.OptionsType == typeof(TaskTypeOptions) => string.Join(Environment.NewLine, types.Failures.Select(WorkerTaskTypes.Describe)),
        OptionsValidationException settings => string.Join(Environment.NewLine, settings.Failures),
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } => error.Message, // it names the key, the value and the type
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } =>
            $"{error.Message.TrimEnd('.')}. Give another address, such as --urls http://localhost:8001.",
        SocketException => $"The address of \"urls\" cannot be listened on: {error.Message}.",
        _ => null,
    };

    private static string? DescribeAll(AggregateException all)
    {
        string?[] descriptions = [.. all.Flatten().InnerExceptions.Select(Describe)];
        return Array.Exists(descriptions, description => description is null) ? null : string.Join(Environment.NewLine, descriptions);
    }
}
