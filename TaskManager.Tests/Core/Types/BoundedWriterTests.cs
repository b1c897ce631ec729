using System.Text.Json;
using TaskManager.Types;

namespace TaskManager.Tests.Core.Types;

public sealed class BoundedWriterTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(300)]
    [InlineData(1000)]
    [InlineData(5000)]
    [InlineData(1024 * 1024)]
    public void Write_OneText_FitsItsBoundAndNoSmallerOne(int bytes)
    {
        string text = new('x', bytes - 2);

        Assert.Equal(bytes, Write(text, bytes));
        Assert.Throws<ValueTooLargeException>(() => Write(text, bytes - 1));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(1000)]
    [InlineData(5001)]
    [InlineData(1024 * 1024)]
    public void Write_ManySmallValues_FitTheirBoundAndNoSmallerOne(int bytes)
    {
        int[] digits = new int[(bytes - 1) / 2];
        int length = (2 * digits.Length) + 1;

        Assert.Equal(length, Write(digits, length));
        Assert.Throws<ValueTooLargeException>(() => Write(digits, length - 1));
    }

    private static int Write(object value, int maxBytes)
    {
        var bounded = new BoundedWriter(maxBytes);
        using (var writer = new Utf8JsonWriter(bounded))
        {
            JsonSerializer.Serialize(writer, value);
        }

        return bounded.Written.Length;
    }
}
