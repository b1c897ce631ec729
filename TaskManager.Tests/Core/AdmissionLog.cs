namespace TaskManager.Tests.Core;

/// <summary>What a limiter admitted, to hold its first law against.</summary>
internal sealed class AdmissionLog
{
    private readonly Dictionary<int, List<long>> _admitted = [];

    public void Add(int client, long moment)
    {
        _admitted.TryAdd(client, []);
        _admitted[client].Add(moment);
    }

    public int ClientsAtTheLimit(int limit) => _admitted.Values.Count(moments => moments.Count >= limit);

    public void AssertNoSpanExceeds(int limit, TimeSpan window) => Assert.All(_admitted.Values, moments =>
    {
        for (int i = limit; i < moments.Count; i++)
        {
            Assert.True(moments[i] - moments[i - limit] >= window.Ticks);
        }
    });
}
