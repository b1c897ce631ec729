namespace TaskManager.Tests.Docs;

/// <summary>Holds the guides to the code that is compiled and run here: each of their snippets stands, line by line the same, in one of these files.</summary>
[Trait("Proof", "readme")]
public sealed class GuideSnippetTests
{
    [Theory]
    [InlineData("guide.md", "Guide*Tests.cs")]
    [InlineData("testing.md", "TestingGuideTests.cs")]
    public void Snippets_OfAGuide_AreCompiledAndRun(string guide, string tests)
    {
        string[][] files = [.. Directory.GetFiles(Repository.PathOf("TaskManager.Tests", "Docs"), tests).Select(file => Lines(File.ReadAllText(file)))];
        IReadOnlyList<string> snippets = Markdown.Blocks(Repository.Read("docs", guide), "csharp");

        Assert.NotEmpty(snippets);
        Assert.All(snippets, snippet =>
        {
            string[] lines = Lines(snippet);
            Assert.StartsWith("// ", lines[0], StringComparison.Ordinal); // names it, so that no other lines are taken for it
            Assert.Contains(files, file => Enumerable.Range(0, file.Length).Any(at => file.AsSpan(at).StartsWith(lines)));
        });
    }

    private static string[] Lines(string text) => [.. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
}
