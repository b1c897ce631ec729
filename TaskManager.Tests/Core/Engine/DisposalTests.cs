using Microsoft.Extensions.DependencyInjection;

namespace TaskManager.Tests.Core.Engine;

public sealed class DisposalTests : IAsyncDisposable
{
    private readonly ManualResetEventSlim _released = new();
    private EngineFixture? _fixture;

    public async ValueTask DisposeAsync()
    {
        _released.Set();
        await (_fixture?.DisposeInTimeAsync() ?? default);
        _released.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Dispose_ServiceThatHangs_GivesTheSlotAwayAfterAbandonAfter(bool blocks)
    {
        EngineFixture fixture = _fixture = EngineFixture.Create(
            (task, context) =>
            {
                _ = task.Name == "bad" ? context.Services.GetRequiredService<Clinging>() : null;
                return Task.FromResult(task.Name);
            },
            options => options.MaxConcurrency = 1,
            more: builder => builder.Services.AddScoped(_ => new Clinging(blocks, _released)));
        Assert.Equal("bad", await (await fixture.SubmitAsync("bad")).WaitAsync().Patiently());
        TaskHandle<string> next = await fixture.SubmitAsync("next");

        await Patience.UntilAsync(() =>
        {
            fixture.Clock.Advance(TimeSpan.FromSeconds(1)); // the disposal begins after the end, and nothing tells when
            return fixture.Pool.Status.Abandoned == 1;
        });

        Assert.Equal("next", await next.WaitAsync().Patiently());
        await Patience.UntilAsync(() => fixture.Pool.Status is { Busy: 0, Abandoned: 1 });
        _released.Set();
        await Patience.UntilAsync(() => fixture.Pool.Status is { Busy: 0, Abandoned: 0 });
    }

    private sealed class Clinging(bool blocks, ManualResetEventSlim released) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (blocks)
            {
                released.Wait();
            }

            await Task.Run(released.Wait);
        }
    }
}
