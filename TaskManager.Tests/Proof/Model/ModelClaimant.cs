namespace TaskManager.Tests.Proof.Model;

/// <summary>All who claim the same types; they come to the oldest task together.</summary>
internal sealed class ModelClaimant(params IReadOnlyCollection<string> types)
{
    public long Claims { get; set; }

    public bool MayTake(ModelType type) => types.Contains(type.Name);
}
