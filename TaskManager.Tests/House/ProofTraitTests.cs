using System.Reflection;
using TaskManager.Tests.Docs;

namespace TaskManager.Tests.House;

/// <summary>Each kind of proof can be run by itself, and the list of how to has them all.</summary>
[Trait("Proof", "house")]
public sealed class ProofTraitTests
{
    [Fact]
    public void Proofs_AreThoseThatAreListed()
    {
        string[] values = [.. typeof(ProofTraitTests).Assembly.GetTypes()
            .SelectMany(type => type.GetCustomAttributes<TraitAttribute>())
            .Where(trait => trait.Name == "Proof")
            .Select(trait => trait.Value)
            .Distinct()
            .Order(StringComparer.Ordinal)];

        Assert.Equal(values, Markdown.Table(Repository.Read("CONTRIBUTING.md"), "proof").Select(row => Markdown.Code(row[0])[0]).Order(StringComparer.Ordinal));
    }
}
