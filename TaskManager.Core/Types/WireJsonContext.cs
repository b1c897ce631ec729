using System.Text.Json;
using System.Text.Json.Serialization;

namespace TaskManager.Types;

/// <summary>The one type that the library itself reads and writes, for applications whose own metadata does not have it.</summary>
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class WireJsonContext : JsonSerializerContext;
