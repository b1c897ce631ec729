using System.Security.Cryptography;
using System.Text;
using TaskManager.Admission;

namespace TaskManager.Tests.Core.Admission;

public sealed class ParametersDigestTests
{
    [Theory]
    [InlineData("""{"a":1,"b":2}""", """{"b":2,"a":1}""")]
    [InlineData("""{"a":1,"b":2}""", """ { "a" : 1 , "b" : 2 } """)]
    [InlineData("""[{"a":{"x":[],"y":{}},"b":null}]""", """[{"b":null,"a":{"y":{},"x":[]}}]""")]
    [InlineData("\"A\"", "\"\\u0041\"")]
    [InlineData("""{"é":1}""", """{"\u00e9":1}""")]
    [InlineData("""{"B":1,"a":2,"_":3}""", """{"_":3,"a":2,"B":1}""")]
    public void Of_EqualParameters_IsTheSame(string one, string other) => Assert.Equal(Of(one), Of(other));

    [Theory]
    [InlineData("""{"a":1}""", """{"a":2}""")]
    [InlineData("""{"a":1}""", """{"b":1}""")]
    [InlineData("""{"a":1}""", """{"a":1,"b":null}""")]
    [InlineData("[1,2]", "[2,1]")] // the order of items means something
    [InlineData("[1,2]", "[1,[2]]")]
    [InlineData("[]", "{}")]
    [InlineData("1", "\"1\"")]
    [InlineData("true", "false")]
    [InlineData("null", "false")]
    [InlineData("""{"a":{"b":1},"c":2}""", """{"a":{"b":1,"c":2}}""")]
    public void Of_OtherParameters_IsAnother(string one, string other) => Assert.NotEqual(Of(one), Of(other));

    [Fact]
    public void Of_Json_IsTheHashOfItsOrderedForm() =>
        Assert.Equal(Convert.ToHexString(SHA256.HashData("""{"a":[1,{"c":2,"d":3}],"b":"x"}"""u8)), Of("""{ "b": "x", "a": [1, {"d": 3, "c": 2}] }"""));

    private static string Of(string json) => ParametersDigest.Of(Encoding.UTF8.GetBytes(json));
}
