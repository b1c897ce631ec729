using System.Text;
using System.Text.Json;
using TaskManager.AspNetCore.Answers;

namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class JsonSecondsTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "0.0000001")]
    [InlineData(10, "0.000001")]
    [InlineData(9_999_999, "0.9999999")]
    [InlineData(5_000_000, "0.5")]
    [InlineData(10_000_000, "1")]
    [InlineData(10_000_010, "1.000001")]
    [InlineData(123_450_000_000, "12345")]
    [InlineData(123_456_789_012, "12345.6789012")]
    [InlineData(long.MaxValue, "922337203685.4775807")]
    public void Write_Ticks_AreSecondsExactly(long ticks, string text)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            JsonSeconds.Write(writer, "s"u8, new TimeSpan(ticks));
            writer.WriteEndObject();
        }

        Assert.Equal($"{{\"s\":{text}}}", Encoding.UTF8.GetString(buffer.ToArray()));
    }
}
