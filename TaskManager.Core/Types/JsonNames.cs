using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace TaskManager.Types;

/// <summary>What a .NET type is called in a message to somebody who sends JSON.</summary>
internal static class JsonNames
{
    public static string Of(Type declared)
    {
        Type type = Nullable.GetUnderlyingType(declared) ?? declared;
        return type switch
        {
            _ when type == typeof(string) || type == typeof(char) => "a string",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(double) || type == typeof(float) || type == typeof(decimal) || type == typeof(Half) => "a number",
            { IsEnum: true } => $"one of {string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName))}",
            _ when WholeNumber(type) is { } range => $"a whole number {range}", // after the enums, whose type codes are those of numbers
            _ when type == typeof(Guid) => "a UUID",
            _ when type == typeof(DateTimeOffset) || type == typeof(DateTime) => "an RFC 3339 time",
            _ when type == typeof(TimeSpan) => "a duration such as \"00:00:30\"",
            _ when type == typeof(Uri) => "a URI",
            _ when type == typeof(JsonElement) || type == typeof(object) => "a JSON value",
            _ when type.IsAssignableTo(typeof(IDictionary)) => "an object",
            _ when type.IsArray || type.IsAssignableTo(typeof(IEnumerable)) => "an array",
            _ => "an object",
        };
    }

    private static string? WholeNumber(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => Range<byte>(),
        TypeCode.SByte => Range<sbyte>(),
        TypeCode.Int16 => Range<short>(),
        TypeCode.UInt16 => Range<ushort>(),
        TypeCode.Int32 => Range<int>(),
        TypeCode.UInt32 => Range<uint>(),
        TypeCode.Int64 => Range<long>(),
        TypeCode.UInt64 => Range<ulong>(),
        _ => null,
    };

    private static string Range<T>()
        where T : IMinMaxValue<T> => string.Create(CultureInfo.InvariantCulture, $"from {T.MinValue} to {T.MaxValue}");
}
