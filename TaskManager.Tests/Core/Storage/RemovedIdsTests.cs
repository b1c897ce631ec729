using TaskManager.Storage;

namespace TaskManager.Tests.Core.Storage;

public sealed class RemovedIdsTests
{
    [Fact]
    public void Add_MoreThanAreRemembered_ForgetsTheFirst()
    {
        var removed = new RemovedIds();
        Guid[] ids = [.. Enumerable.Range(0, 10_003).Select(_ => Guid.NewGuid())];
        Assert.False(removed.Contains(ids[0]));
        foreach (Guid id in ids[..10_000])
        {
            removed.Add(id);
        }

        Assert.All(ids[..10_000], id => Assert.True(removed.Contains(id)));
        foreach (Guid id in ids[10_000..])
        {
            removed.Add(id);
        }

        Assert.All(ids[..3], id => Assert.False(removed.Contains(id)));
        Assert.All(ids[3..], id => Assert.True(removed.Contains(id)));
    }
}
