namespace TaskManager.Tests.Docs;

[Trait("Proof", "readme")]
public sealed class LinkTests
{
    public static TheoryData<string> Documents =>
    [
        .. Directory.GetFiles(Repository.Root, "*.md").Concat(Directory.GetFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')),
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_OfADocument_LeadToFilesThatExist(string document)
    {
        string folder = Path.GetDirectoryName(Repository.PathOf(document))!;

        Assert.All(
            Markdown.Links(Repository.Read(document)).Where(link => !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith('#')),
            link => Assert.True(Path.Exists(Path.Combine(folder, link.Split('#')[0])), $"{document} links to {link}, which is not there."));
    }

    [Fact]
    public void Decisions_All_StandInTheirIndex()
    {
        string[] decisions = [.. Directory.GetFiles(Repository.PathOf("docs", "adr"), "0*.md").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

        Assert.Equal(decisions, Markdown.Links(Repository.Read("docs", "adr", "README.md")));
        Assert.All(decisions, decision =>
        {
            string[] headings = [.. Repository.Read("docs", "adr", decision).Split('\n').Where(line => line.StartsWith("## ", StringComparison.Ordinal))];
            Assert.Equal(["## Context", "## Decision", "## Consequences", "## Rejected"], headings);
        });
    }
}
