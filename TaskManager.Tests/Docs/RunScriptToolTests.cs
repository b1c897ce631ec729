using System.Reflection;
using System.Runtime.Versioning;

namespace TaskManager.Tests.Docs;

/// <summary>
/// What <c>run.sh</c> asks of the tools, on a machine of stand-ins: <c>test</c> skips no test without a word where one is missing, and what takes hours is asked for as it shall be.
/// </summary>
[UnsupportedOSPlatform("windows")] // the script is a shell's
[Trait("Proof", "readme")]
public sealed class RunScriptToolTests : IDisposable
{
    private const string Dotnet = """
        case "$1" in
          --list-sdks) echo "10.0.100 [/sdk]" ;;
          stryker) for argument in "$@"; do echo "mutation: $argument"; done ;;
          test) for argument in "$@"; do echo "argument: $argument"; done; echo "Passed!  - Failed:     0, Passed:     3, Skipped:     0, Total:     3, Duration: 1 s" ;;
          *) echo "dotnet $*" ;;
        esac
        """;

    private readonly string _programs = Directory.CreateTempSubdirectory("taskmanager-programs-").FullName;

    public RunScriptToolTests()
    {
        foreach (string program in (string[])["bash", "dirname", "sed", "grep", "head", "tail", "mktemp", "rm", "tee", "cat", "chmod"])
        {
            string folder = ((string[])["/usr/bin", "/bin"]).First(folder => File.Exists(Path.Combine(folder, program)));
            File.CreateSymbolicLink(Path.Combine(_programs, program), Path.Combine(folder, program));
        }

        Add("dotnet", Dotnet);
        Add("id", "echo 1000");
    }

    public void Dispose() => Directory.Delete(_programs, recursive: true);

    [Fact]
    public async Task Test_WithoutTheTools_LeavesTheirTestsOutAndSaysSo()
    {
        string[] lines = await TestAsync();
        foreach (string tool in (string[])["python3", "node", "promtool"])
        {
            Assert.Contains(lines, line => line.StartsWith($"The tests that need {tool} are left out", StringComparison.Ordinal));
        }

        Assert.Equal("Needs!=python3&Needs!=node&Needs!=promtool", FilterOf(lines));
        Assert.Contains("3 passed, 0 failed, 0 skipped", lines);
    }

    [Fact]
    public async Task Test_WithAllTools_LeavesNothingOut()
    {
        AddTools();
        string[] lines = await TestAsync();
        Assert.Null(FilterOf(lines));
        Assert.DoesNotContain(lines, line => line.Contains("left out", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("v18.20.4", "Needs!=node")]
    [InlineData("v9.11.2", "Needs!=node")]
    [InlineData("v20.0.0", null)]
    [InlineData("v100.0.0", null)]
    public async Task Test_NodeOfAnyAge_IsTakenFromTwentyOn(string version, string? filter)
    {
        AddTools();
        Add("node", $"echo {version}");
        Assert.Equal(filter, FilterOf(await TestAsync()));
    }

    [Fact]
    public async Task Test_WithAFilterOfOnesOwn_AddsNothing()
    {
        string[] lines = await TestAsync("--filter", "Name=One");
        Assert.Equal("Name=One", FilterOf(lines));
        Assert.Single(lines, line => line == "argument: --filter");
        Assert.DoesNotContain(lines, line => line.Contains("left out", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Test_All_RunsTheLibraryInADebugBuildTooAndAddsUp()
    {
        AddTools();
        string[] lines = await TestAsync("--all");
        Assert.Equal(["Release", "Debug"], lines.Index().Where(line => line.Item == "argument: --configuration").Select(line => lines[line.Index + 1]["argument: ".Length..]));
        Assert.Equal("FullyQualifiedName~TaskManager.Tests.Core.|Proof=model|Proof=races", FilterOf(lines));
        Assert.Contains("6 passed, 0 failed, 0 skipped", lines);
    }

    [Fact]
    public async Task Test_AllOfThoseThatAreNamed_RunsThemAlone()
    {
        string[] lines = await TestAsync("--all", "--filter", "Proof=model");
        Assert.Equal("Proof=model", FilterOf(lines));
        Assert.Contains("3 passed, 0 failed, 0 skipped", lines);
    }

    [Theory]
    [InlineData("init", "dotnet build TaskManager.sln --configuration Release --nologo --verbosity quiet")]
    [InlineData(
        "init --dev",
        "dotnet build TaskManager.sln --configuration Release --nologo --verbosity quiet",
        "dotnet tool restore")]
    [InlineData(
        "bench throughput --save",
        "dotnet build TaskManager.Benchmarks --configuration Release --nologo --verbosity quiet",
        "dotnet TaskManager.Benchmarks/bin/Release/net10.0/TaskManager.Benchmarks.dll throughput --save")]
    public async Task Command_AsksForWhatItSays(string command, params string[] asked)
    {
        string[] lines = await RunAsync(command.Split(' '));
        // They come by two pipes, in no order.
        Assert.Equal(asked.ToHashSet(StringComparer.Ordinal), lines.Where(line => line.StartsWith("dotnet ", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Killed Killed Timeout Survived", 0, "6 of 8")]
    [InlineData("Killed Killed NoCoverage Ignored CompileError", 1, "4 of 6")] // less than 70 %
    public async Task Mutate_All_TakesEachPartOnceAndAddsUpWhatTheReportsSay(string changes, int exitCode, string noticed)
    {
        string project = Directory.CreateTempSubdirectory("taskmanager-mutation-").FullName;
        try
        {
            File.Copy(Path.Combine(Repository.Root, "run.sh"), Path.Combine(project, "run.sh"));
            File.Copy(Path.Combine(Repository.Root, "global.json"), Path.Combine(project, "global.json"));
            Directory.CreateDirectory(Path.Combine(project, "TaskManager.Tests", "Core", "Storage"));
            foreach (string part in (string[])["Storage", "Core"])
            {
                string reports = Directory.CreateDirectory(Path.Combine(project, "artifacts", "mutation", part, "reports")).FullName;
                await File.WriteAllTextAsync(Path.Combine(reports, "mutation-report.json"), $"{{{string.Join(',', changes.Split(' ').Select(change => $"\"status\":\"{change}\""))}}}", TestContext.Current.CancellationToken);
            }

            (int code, string output) = await Command.RunAsync(project, "env", $"PATH={_programs}", "bash", "run.sh", "mutate", "--all");

            Assert.Equal(exitCode, code);
            Assert.Contains($"TaskManager.Core as a whole: {noticed} changes were noticed.", output, StringComparison.Ordinal);
            Assert.Equal(2, output.Split('\n').Count(line => line.StartsWith("mutation: ../artifacts/mutation/", StringComparison.Ordinal)));
            Assert.Contains("mutation: **/Storage/*.cs", output, StringComparison.Ordinal);
            Assert.Contains("mutation: !**/Storage/*.cs", output, StringComparison.Ordinal); // the part that lies in no folder
        }
        finally
        {
            Directory.Delete(project, recursive: true);
        }
    }

    [Fact]
    public async Task Mutate_Folders_AreThoseOfTheUsageEachByItself()
    {
        string[] arguments = await RunAsync("mutate");
        Assert.Equal(
            ["Lifecycle", "Queueing", "Admission", "Signals"],
            arguments.Where(line => line.StartsWith("mutation: ../artifacts/mutation/", StringComparison.Ordinal)).Select(line => line[(line.LastIndexOf('/') + 1)..]));
        Assert.DoesNotContain("mutation: --break-at", arguments); // what the configuration says holds
        Assert.Contains("\"break\": 85", Repository.Read("stryker-config.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_AsRootWithAptGet_InstallsWhatIsMissing()
    {
        AddTools();
        File.Delete(Path.Combine(_programs, "node"));
        Add("id", "echo 0");
        Add("apt-get", $$"""
            case "$*" in
              "install "*nodejs) printf '#!/bin/sh\necho v20.0.0\n' > '{{_programs}}/node'; chmod +x '{{_programs}}/node' ;;
            esac
            """);
        string[] lines = await TestAsync();
        Assert.Contains("Installing nodejs for the tests that need node.", lines);
        Assert.Null(FilterOf(lines));
    }

    [Fact]
    public async Task Test_InstallationThatFails_LeavesTheTestsOut()
    {
        AddTools();
        File.Delete(Path.Combine(_programs, "python3"));
        Add("id", "echo 0");
        Add("apt-get", "exit 100");
        string[] lines = await TestAsync();
        Assert.Contains("Installing python3 for the tests that need python3.", lines);
        Assert.Equal("Needs!=python3", FilterOf(lines));
    }

    [Fact]
    public void Needs_OfAllTests_AreToolsThatTheScriptKnows()
    {
        string script = Repository.Read("run.sh");
        string[] needed = [.. typeof(RunScriptToolTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance).Cast<MemberInfo>().Append(type))
            .SelectMany(member => member.GetCustomAttributes<TraitAttribute>())
            .Where(trait => trait.Name == "Needs")
            .Select(trait => trait.Value)
            .Distinct()];
        Assert.Equal(["node", "promtool", "python3"], needed.Order(StringComparer.Ordinal));
        Assert.Contains("for tool in python3 node promtool; do", script, StringComparison.Ordinal);
    }

    private static string? FilterOf(string[] lines)
    {
        int at = Array.IndexOf(lines, "argument: --filter");
        return at < 0 ? null : lines[at + 1]["argument: ".Length..];
    }

    private Task<string[]> TestAsync(params string[] arguments) => RunAsync(["test", .. arguments]);

    private async Task<string[]> RunAsync(params string[] arguments)
    {
        (int exitCode, string output) = await Command.RunAsync(Repository.Root, "env", [$"PATH={_programs}", "bash", "run.sh", .. arguments]);
        Assert.True(exitCode == 0, output);
        return output.Split('\n');
    }

    private void AddTools()
    {
        Add("python3", "exit 0");
        Add("node", "echo v20.1.0");
        Add("promtool", "exit 0");
    }

    private void Add(string program, string script)
    {
        string path = Path.Combine(_programs, program);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
