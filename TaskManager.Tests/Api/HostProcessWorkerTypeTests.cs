using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Api;

/// <summary>Task types that the host's configuration declares for workers.</summary>
[Collection(RealProcesses.Name)]
public sealed class HostProcessWorkerTypeTests
{
    [Theory]
    [InlineData("--WorkerTaskTypes:resize:MaxAttempts=0", "WorkerTaskTypes:resize:MaxAttempts is 0; it must be from 1 to 1000.")]
    [InlineData("--WorkerTaskTypes:resize:Timeout=00:00:00", "WorkerTaskTypes:resize:Timeout is 00:00:00; it must be from 00:00:00.0010000 to 24.00:00:00")]
    [InlineData("--WorkerTaskTypes:resize:RateCount=0", "WorkerTaskTypes:resize:RateCount is 0; it must be from 1 to 100000.")]
    [InlineData("--WorkerTaskTypes:resize:MaxConcurrency=many", "'many' at 'WorkerTaskTypes:resize:MaxConcurrency'")]
    [InlineData("--WorkerTaskTypes:resize:Colour=red", "Colour")]
    [InlineData("--WorkerTaskTypes:a b:MaxAttempts=1", "WorkerTaskTypes:a b: \"a b\" is no name for a task type; it must have 1 to 64 letters, digits, '_', '-' or '.'.")]
    [InlineData("--WorkerTaskTypes:add:MaxAttempts=1", "The task type \"add\" was added more than once")]
    [InlineData("--TaskManager:MaxTaskTypes=1", "but TaskManager:MaxTaskTypes allows 1.")]
    [InlineData("--WorkerTaskTypes:resize:ParametersSchemaFile=no-such-file.json", "WorkerTaskTypes:resize:ParametersSchemaFile is \"no-such-file.json\"; it must be a file with a JSON schema:")]
    public async Task WrongDeclaration_StopsTheHostAndSaysWhy(string argument, string message)
    {
        (int exitCode, string output) = await HostProcess.RunToEndAsync(argument);
        Assert.Contains(message, output, StringComparison.Ordinal);
        Assert.Equal(1, exitCode);
        Assert.DoesNotContain(output.Split('\n'), line => line.StartsWith("   at ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    public async Task SchemaFile_WithoutASchema_StopsTheHostAndSaysWhy(string text)
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
            (int exitCode, string output) = await HostProcess.RunToEndAsync($"--WorkerTaskTypes:resize:ParametersSchemaFile={file}");
            Assert.Contains("it must be a file with a JSON schema:", output, StringComparison.Ordinal);
            Assert.Equal(1, exitCode);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task SchemaFile_OfAType_IsShownAndChecksSubmissions()
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                file, """{"type":"object","properties":{"width":{"type":"integer","minimum":1}},"required":["width"]}""", TestContext.Current.CancellationToken);
            await using HostProcess host = await HostProcess.StartAsync($"--WorkerTaskTypes:resize:ParametersSchemaFile={file}", "--WorkerTaskTypes:resize:MaxConcurrency=8");
            HttpAnswer type = (await host.GetAsync("/task-types/resize")).Is(200);
            Assert.Equal((8, "workers"), (type.Member("max_concurrency").GetInt32(), type.Member("runs_on").GetString()));
            Assert.Equal("object", type.Member("parameters_schema").GetProperty("type").GetString());
            (await host.PostAsync("/tasks", """{"task_type":"resize","parameters":{"width":3}}""")).Is(202);
            string[] wrong = [.. (await host.PostAsync("/tasks", """{"task_type":"resize","parameters":{"width":0}}""")).IsProblem(400, "invalid-request")
                .GetProperty("errors").EnumerateObject().Select(error => error.Name)];
            Assert.Equal(["parameters.width"], wrong);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("1e-99999999", "parameters.width")]
    [InlineData("1e-401", "parameters.width")]
    [InlineData("1e300", "parameters")]
    [InlineData("[1, {\"x\": 0e401}]", "parameters.width[1].x")]
    public async Task SchemaFile_NumberThatItsPackageCannotReckonWith_IsAFault(string width, string field)
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, """{"properties":{"width":{"multipleOf":0.5,"enum":[1,2,3]}}}""", TestContext.Current.CancellationToken);
            await using HostProcess host = await HostProcess.StartAsync($"--WorkerTaskTypes:resize:ParametersSchemaFile={file}");
            HttpAnswer answer = await host.PostAsync("/tasks", $$$"""{"task_type":"resize","parameters":{"width":{{{width}}}}}""");
            Assert.Equal([field], answer.IsProblem(400, "invalid-request").GetProperty("errors").EnumerateObject().Select(error => error.Name));
            (await host.PostAsync("/tasks", """{"task_type":"resize","parameters":{"width":3}}""")).Is(202);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
