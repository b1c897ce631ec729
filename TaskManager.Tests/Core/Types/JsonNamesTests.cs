using TaskManager.Types;

namespace TaskManager.Tests.Core.Types;

public sealed class JsonNamesTests
{
    [Theory]
    [InlineData(typeof(DependencyFailurePolicy), "one of cancel, run")]
    [InlineData(typeof(DependencyFailurePolicy?), "one of cancel, run")]
    [InlineData(typeof(byte), "a whole number from 0 to 255")]
    [InlineData(typeof(double?), "a number")]
    public void Of_Type_IsWhatASenderOfJsonCallsIt(Type type, string name) => Assert.Equal(name, JsonNames.Of(type));
}
