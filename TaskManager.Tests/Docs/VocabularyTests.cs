using System.Text.Json;
using System.Text.RegularExpressions;
using TaskManager.Tests.Api.Samples;

namespace TaskManager.Tests.Docs;

/// <summary>Holds the lists in the documents, of states, codes, problems, folders and samples, to the code.</summary>
[Trait("Proof", "readme")]
public sealed partial class VocabularyTests
{
    [Fact]
    public void States_OfTheLifecycle_AreAllStates() =>
        Assert.Equal(TaskStates.All.Select(state => state.WireName()), Markdown.Table(Repository.Read("docs", "lifecycle.md"), "wire name").SelectMany(cells => Markdown.Code(cells[0])));

    [Fact]
    public void ErrorCodes_OfTheLibrary_AreExplained()
    {
        IReadOnlyList<string> explained = [.. Markdown.Table(Repository.Read("docs", "lifecycle.md"), "code").Select(cells => Markdown.Code(cells[0]).Single())];

        Assert.Equal(typeof(TaskErrorCodes).GetFields().Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal), explained.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Problems_OfTheSurface_AreListed()
    {
        IReadOnlyList<string> listed = [.. Markdown.Table(Repository.Read("docs", "http-api.md"), "problem").Select(cells => Markdown.Code(cells[0]).Single())];
        string source = Repository.Read("TaskManager.AspNetCore", "Answers", "Problems.cs") + Repository.Read("TaskManager.Api", "Hosting", "HostProblems.cs");

        Assert.Equal(listed.Order(StringComparer.Ordinal), listed.Distinct().Order(StringComparer.Ordinal));
        Assert.Empty(ProblemPattern().Matches(source).Select(match => match.Groups["name"].Value).Except(listed));
    }

    [Fact]
    public void Task_OfTheHttpApi_HasTheMembersOfEveryTask()
    {
        JsonElement schemas = JsonElement.Parse(Repository.Read("TaskManager.Api", "OpenApi", "schemas.json"));
        JsonElement shown = JsonElement.Parse(Markdown.Blocks(Repository.Read("docs", "http-api.md"), "json")[0]);

        Assert.Equal(schemas.GetProperty("Task").GetProperty("required").EnumerateArray().Select(name => name.GetString()), shown.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public void Folders_OfTheCore_StandInTheArchitecture()
    {
        string tree = Markdown.Blocks(Repository.Read("docs", "architecture.md"), "text").Single(block => block.Contains("Admission/", StringComparison.Ordinal));

        Assert.Equal(
            Directory.GetDirectories(Repository.PathOf("TaskManager.Core")).Select(folder => Path.GetFileName(folder)).Except(["bin", "obj"]).Order(StringComparer.Ordinal),
            FolderPattern().Matches(tree).Select(match => match.Groups["name"].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Folders_OfTheCheckout_StandInTheReadme()
    {
        string[] listed = [.. Markdown.Table(Repository.Read("README.md"), "folder").Select(cells => Markdown.Code(cells[0]).Single())];

        Assert.Empty(Directory.GetDirectories(Repository.Root, "TaskManager.*").Select(folder => Path.GetFileName(folder)).Except(listed));
    }

    [Fact]
    public async Task Samples_OfTheArchitecture_AreThoseOfTheHost()
    {
        await using var host = new SampleHost(misbehaving: true);

        Assert.Equal(
            host.Tasks.Types.All.Select(type => type.Name).Order(StringComparer.Ordinal),
            Markdown.Table(Repository.Read("docs", "architecture.md"), "sample").Select(cells => Markdown.Code(cells[0])[0]).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("\\(?\"(?<name>[a-z]+(-[a-z]+)+)\"[,)]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ProblemPattern();

    [GeneratedRegex(@"^(?<name>\w+)/", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FolderPattern();
}
