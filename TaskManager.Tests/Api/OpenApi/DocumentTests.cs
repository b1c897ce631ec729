using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using TaskManager.AspNetCore;

namespace TaskManager.Tests.Api.OpenApi;

[Trait("Proof", "http")]
public sealed class DocumentTests(DescribedService service) : IClassFixture<DescribedService>, IAsyncLifetime
{
    private static readonly string[] Methods = ["get", "head", "post", "put", "patch", "delete", "options", "trace"];

    private JsonObject _document = [];

    public async ValueTask InitializeAsync() => _document = await DescribedService.ReadDocumentAsync(service.CreateClient());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void Document_ReadBack_IsValid()
    {
        ReadResult read = OpenApiDocument.Parse(_document.ToJsonString(), "json");

        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic!.SpecificationVersion);
        Assert.Empty(read.Diagnostic.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
    }

    [Fact]
    public void Operations_OnAllTheirServers_AreTheEndpoints()
    {
        IEnumerable<string> mapped =
            from endpoint in service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            where endpoint.Metadata.GetMetadata<EndpointDescription>() is not null
            from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
            select $"{method} {endpoint.RoutePattern.RawText}";
        IEnumerable<string> documented =
            from path in _document["paths"]!.AsObject()
            from server in (path.Value!["servers"] ?? _document["servers"])!.AsArray()
            from operation in path.Value.AsObject()
            where Methods.Contains(operation.Key)
            select $"{operation.Key.ToUpperInvariant()} {server!["url"]!.GetValue<string>().TrimEnd('/')}{path.Key}";

        Assert.Equal(mapped.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void OperationIds_All_AreUnique()
    {
        string[] ids = [.. Operations().Select(operation => operation["operationId"]!.GetValue<string>())];

        Assert.Contains("submitTask", ids);
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public void References_All_PointAtSomething()
    {
        var check = new SchemaCheck(_document);

        string[] references = [.. Nodes(_document).OfType<JsonObject>().Select(node => node["$ref"]).OfType<JsonValue>().Select(reference => reference.GetValue<string>())];

        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.NotNull(check.Find(reference)));
    }

    [Fact]
    public void Schemas_NamedByDescriptions_Exist()
    {
        string[] named =
        [
            .. from endpoint in service.Services.GetRequiredService<EndpointDataSource>().Endpoints
               from description in endpoint.Metadata.OfType<EndpointDescription>()
               from schema in description.Body.Values.Concat(description.Answers.Select(answer => answer.Schema).OfType<string>())
               select schema,
        ];

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.NotNull(_document["components"]!["schemas"]![name]));
    }

    [Fact]
    public void Schemas_OfTheSurface_SayWhatIsRequiredOfWhatTheyDeclare() =>
        Assert.All(
            Nodes(_document["components"]!["schemas"]).OfType<JsonObject>().Where(node => node["required"] is JsonArray && node["properties"] is JsonObject),
            node => Assert.Empty(node["required"]!.AsArray().Select(name => name!.GetValue<string>()).Except(node["properties"]!.AsObject().Select(member => member.Key))));

    [Fact]
    public void Schemas_Examples_KeepTheirOwnRules()
    {
        var check = new SchemaCheck(_document);

        Assert.All(
            _document["components"]!["schemas"]!.AsObject().Where(schema => schema.Value!["examples"] is not null),
            schema => Assert.All(schema.Value!["examples"]!.AsArray(), example => Assert.Empty(check.Faults(example, schema.Key))));
    }

    [Fact]
    public void Schemas_EveryTaskType_HasItsParametersResultAndSubmission()
    {
        JsonNode schemas = _document["components"]!["schemas"]!;
        TaskTypeRegistry types = service.Services.GetRequiredService<ITaskManager>().Types;

        Assert.NotEmpty(types.All);
        Assert.All(types.All, type =>
        {
            Assert.NotNull(schemas[$"{type.Name}_parameters"]);
            Assert.NotNull(schemas[$"{type.Name}_result"]);
            string submission = $"#/components/schemas/{type.Name}_submission";
            Assert.Contains(schemas["Submission"]!["oneOf"]!.AsArray(), branch => branch!["$ref"]!.GetValue<string>() == submission);
            Assert.Equal(submission, schemas["Submission"]!["discriminator"]!["mapping"]![type.Name]!.GetValue<string>());
            Assert.Equal(type.Name, schemas[$"{type.Name}_submission"]!["properties"]!["task_type"]!["const"]!.GetValue<string>());
        });
    }

    [Fact]
    public void Schemas_ParametersThatHoldThemselves_PointIntoTheDocument() =>
        Assert.Equal("#/components/schemas/outline_parameters", _document["components"]!["schemas"]!["outline_parameters"]!["properties"]!["parts"]!["items"]!["$ref"]!.GetValue<string>());

    [Fact]
    public void Schemas_TaskState_IsEveryState() =>
        Assert.Equal(
            TaskStates.All.Select(state => state.WireName()),
            _document["components"]!["schemas"]!["TaskState"]!["enum"]!.AsArray().Select(name => name!.GetValue<string>()));

    [Fact]
    public void Examples_OfASubmission_AreThoseOfTheTypes()
    {
        var check = new SchemaCheck(_document);
        JsonObject examples = _document["paths"]!["/tasks"]!["post"]!["requestBody"]!["content"]!["application/json"]!["examples"]!.AsObject();

        Assert.Equal(
            service.Services.GetRequiredService<ITaskManager>().Types.All.Where(type => type.Example is not null).Select(type => type.Name),
            examples.Select(example => example.Key));
        Assert.All(examples, example => Assert.Empty(check.Faults(example.Value!["value"], "Submission")));
    }

    [Fact]
    public void Refusals_WhereTheRateLimitApplies_TellOfIt() =>
        Assert.All(_document["paths"]!.AsObject(), path => Assert.All(path.Value!.AsObject().Where(member => Methods.Contains(member.Key)), operation =>
        {
            bool isOfTasks = path.Key.StartsWith("/task", StringComparison.Ordinal);
            bool isOfWorkers = operation.Value!["tags"]![0]!.GetValue<string>() is "Workers" or "Pool";
            Assert.Equal(isOfTasks && !isOfWorkers, operation.Value["responses"]!["429"] is not null);
            Assert.Equal(isOfTasks || isOfWorkers, operation.Value["responses"]!["406"] is not null);
            Assert.All(
                operation.Value["responses"]!.AsObject().Where(answer => answer.Key.StartsWith('2')),
                answer => Assert.Equal(isOfTasks && !isOfWorkers, answer.Value!["headers"]?["RateLimit"] is not null));
        }));

    [Fact]
    public void Answers_ToHead_HaveNoBody() =>
        Assert.All(
            _document["paths"]!.AsObject().Select(path => path.Value!["head"]).OfType<JsonObject>(),
            head => Assert.All(head["responses"]!.AsObject(), answer => Assert.Null(answer.Value!["content"] ?? answer.Value["$ref"])));

    private IEnumerable<JsonNode> Operations() =>
        _document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Where(member => Methods.Contains(member.Key)).Select(member => member.Value!);

    private static IEnumerable<JsonNode> Nodes(JsonNode? root) => root switch
    {
        JsonObject members => members.SelectMany(member => Nodes(member.Value)).Prepend(root),
        JsonArray items => items.SelectMany(Nodes).Prepend(root),
        null => [],
        _ => [root],
    };
}
