using System.Globalization;
using System.Text.Json;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Api;

/// <summary>The pool under load, scaled over HTTP.</summary>
[Trait("Proof", "http")]
[Collection(RealProcesses.Name)]
public sealed class HostProcessPoolTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Scale_FiveFiftyOneUnderLoad_NothingIsLostOrCutShortAndTheBusyFollow()
    {
        const int Tasks = 200;
        const double Seconds = 1;
        await using HostProcess host = await HostProcess.StartAsync();
        (await host.PostAsync("/tasks/batch", $"[{string.Join(',', Enumerable.Repeat(HostProcess.Sum(Seconds), Tasks))}]")).Is(200);
        await UntilBusyAsync(host, 5);
        await ScaleAsync(host, 50);
        await UntilBusyAsync(host, 50);
        Assert.Equal(1, (await ScaleAsync(host, 1)).Member("slots").GetInt32());
        await UntilBusyAsync(host, 1);
        Assert.NotEqual(0, (await StatusAsync(host)).Member("queued").GetInt32()); // one slot, and many that wait for it
        await ScaleAsync(host, 50);
        await AspNetCore.Patience.UntilAsync(async () => (await StatusAsync(host)) is var pool && pool.Member("busy").GetInt32() == 0 && pool.Member("queued").GetInt32() == 0);

        JsonElement[] ended = [.. (await host.GetAsync("/tasks?limit=1000")).Is(200).Member("items").EnumerateArray()];
        Assert.Equal(Tasks, ended.Length);
        Assert.All(ended, task => Assert.Equal(("completed", 1, 3), (
            task.GetProperty("status").GetString(), task.GetProperty("attempt").GetInt32(), task.GetProperty("result").GetProperty("sum").GetInt32())));
        double shortest = ended.Min(task => task.GetProperty("run_seconds").GetDouble());
        Assert.True(shortest >= Seconds - 0.05, $"A task of {Seconds} s ran for {shortest} s.");
        Assert.Equal(50, ended.Select(task => task.GetProperty("worker").GetString()).Distinct().Count());
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Tasks} tasks of {Seconds} s ran for {shortest:F3} to {ended.Max(task => task.GetProperty("run_seconds").GetDouble()):F3} s."));
    }

    private static async Task<HttpAnswer> StatusAsync(HostProcess host) => (await host.GetAsync("/workers/internal/status")).Is(200);

    private static async Task<HttpAnswer> ScaleAsync(HostProcess host, int count) => (await host.PostAsync("/workers/internal/scale", $$"""{"count":{{count}}}""")).Is(200);

    private static Task UntilBusyAsync(HostProcess host, int busy) => AspNetCore.Patience.UntilAsync(async () => (await StatusAsync(host)).Member("busy").GetInt32() == busy);
}
