using System.Xml.Linq;

namespace TaskManager.Tests.Docs;

[Trait("Proof", "readme")]
public sealed class DependencyTableTests
{
    [Fact]
    public void Dependencies_OfAllProjects_StandInTheTableWithTheirReason()
    {
        string[] packages = [.. XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("PackageVersion").Select(package => package.Attribute("Include")!.Value)];
        IReadOnlyList<string[]> rows = Markdown.Table(Repository.Read("CONTRIBUTING.md"), "package");

        Assert.Equal(packages.Order(StringComparer.Ordinal), rows.SelectMany(row => Markdown.Code(row[0])).Order(StringComparer.Ordinal));
        Assert.All(rows, row => Assert.NotEmpty(row[2]));
    }

    // What is pinned here though no project names it: the document's model, which two packages bring along in different versions.
    [Fact]
    public void Dependencies_ThatHaveAVersion_AreReferred()
    {
        string[] projects = [.. Directory.GetFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories).Append(Repository.PathOf("Directory.Build.props"))];
        IEnumerable<string> referred = projects.SelectMany(project => XDocument.Load(project).Descendants("PackageReference")).Select(package => package.Attribute("Include")!.Value);

        IEnumerable<string> versions = XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("PackageVersion").Select(package => package.Attribute("Include")!.Value);
        Assert.Equal(["Microsoft.OpenApi"], versions.Except(referred));
    }
}
