using System.Text.Json.Nodes;
using TaskManager.Api.OpenApi;

namespace TaskManager.Tests.Api.OpenApi;

[Trait("Proof", "http")]
public sealed class SchemaImportTests
{
    [Theory]
    [InlineData("true", "{}")]
    [InlineData("false", """{"not":{}}""")]
    [InlineData("""{"$ref":"#"}""", """{"$ref":"#/root"}""")]
    [InlineData("""{"properties":{"a":{"$ref":"#/properties/b"},"b":true,"true":true},"additionalProperties":false}""", """{"properties":{"a":{"$ref":"#/root/properties/b"},"b":{},"true":{}},"additionalProperties":false}""")]
    [InlineData("""{"items":{"anyOf":[{"$ref":"#/items"},true]}}""", """{"items":{"anyOf":[{"$ref":"#/root/items"},{}]}}""")]
    [InlineData("""{"additionalProperties":{"$ref":"#"}}""", """{"additionalProperties":{"$ref":"#/root"}}""")]
    [InlineData("""{"const":"a"}""", """{"const":"a"}""")]
    [InlineData("""{"const":1}""", """{"enum":[1]}""")]
    [InlineData("""{"const":null}""", """{"enum":[null]}""")]
    [InlineData("""{"default":{"$ref":"#","properties":true},"enum":[true],"required":["$ref"]}""", """{"default":{"$ref":"#","properties":true},"enum":[true],"required":["$ref"]}""")]
    public void Import_Schema_CanStandAmongTheComponents(string schema, string expected) =>
        Assert.Equal(expected, SchemaImport.Import(JsonNode.Parse(schema), "#/root").ToJsonString(System.Text.Json.JsonSerializerOptions.Web));
}
