using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace TaskManager.Types;

/// <summary>How parameters and results are written and read: strict, in <c>snake_case</c>.</summary>
internal static class TaskJson
{
    /// <summary>The deepest nesting of anything that comes over the wire.</summary>
    public const int MaxDepth = 32;

    public static JsonSerializerOptions Options(IJsonTypeInfoResolver? resolver)
    {
        // What JsonSerializerOptions.Strict is, without its reflection.
        var options = new JsonSerializerOptions
        {
            AllowDuplicateProperties = false,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            MaxDepth = MaxDepth,
        };
        if (resolver is not null)
        {
            options.TypeInfoResolver = JsonTypeInfoResolver.Combine(resolver, WireJsonContext.Default);
        }
        else if (JsonSerializer.IsReflectionEnabledByDefault)
        {
            UseReflection(options);
        }

        options.MakeReadOnly();
        return options;
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Reached only where the feature switch allows reflection, which trimming turns off.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Reached only where the feature switch allows reflection, which AOT compilation turns off.")]
    private static void UseReflection(JsonSerializerOptions options)
    {
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver();
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
    }
}
