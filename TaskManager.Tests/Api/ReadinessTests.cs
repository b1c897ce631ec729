using TaskManager.Api.Hosting;
using TaskManager.AspNetCore;
using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Api;

[Trait("Proof", "http")]
public sealed class ReadinessTests
{
    [Fact]
    public async Task Ready_AsManyHandlersAreAbandonedAsMay_SaysSoUntilOneEnds()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup
        {
            Tasks = options => (options.MaxAbandoned, options.AbandonAfter) = (1, TimeSpan.FromSeconds(10)),
            Build = builder => builder.Services.AddProblems(),
            Map = host =>
            {
                host.MapTaskManager();
                host.MapHealth();
            },
        });
        (await app.GetAsync("/ready")).Is(200);
        string id = await app.SubmitRunningAsync("stubborn");
        Task<HttpAnswer> asked = await app.BeginAsync(sender => sender.DeleteAsync($"/tasks/{id}"));
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        (await asked).Is(202);
        (await app.GetAsync("/ready")).Is(200);

        app.Clock.Advance(TimeSpan.FromSeconds(10));
        await app.UntilAsync(id, TaskState.Cancelled);
        Assert.Equal("abandoned", (await app.GetAsync($"/tasks/{id}")).Member("error").GetProperty("code").GetString());
        await Patience.UntilAsync(async () => (await app.GetAsync("/ready")).Status == 503);
        (await app.GetAsync("/ready", ("Accept", "text/plain"))).IsProblem(503, "too-many-abandoned");
        (await app.GetAsync("/health")).Is(200);
        string waiting = await app.SubmitAsync("echo");
        Assert.Equal("""{"reason":"pool_stopped"}""", (await app.GetAsync($"/tasks/{waiting}")).Member("waiting_for").GetRawText());

        app.Handlers.Release();
        await app.UntilAsync(waiting, TaskState.Completed);
        (await app.GetAsync("/ready")).Is(200);
    }
}
