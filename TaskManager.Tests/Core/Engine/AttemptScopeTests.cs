using Microsoft.Extensions.DependencyInjection;

namespace TaskManager.Tests.Core.Engine;

public sealed class AttemptScopeTests
{
    [Fact]
    public async Task Handler_OfAClass_IsResolvedFromAScopeOfItsOwnForEachAttempt()
    {
        var seen = new List<Visit>();
        var ended = new List<Visit>();
        await using var fixture = EngineFixture.Create(
            (_, _) => Task.FromResult(string.Empty),
            options => options.MaxConcurrency = 1, // the second attempt begins when nothing of the first is left
            more: builder =>
            {
                builder.AddHandler<Stay, int, StayHandler>("stay", type => (type.MaxAttempts, type.RetryDelay) = (2, TimeSpan.Zero));
                builder.Services.AddSingleton(seen).AddScoped(_ => new Visit(ended));
            });

        await (await fixture.Tasks.SubmitAsync(new Stay())).WaitAsync().Patiently();

        Assert.Equal(2, seen.Count);
        Assert.NotSame(seen[0], seen[1]);
        await Patience.UntilAsync(() => ended.Count == 2); // with the attempt, not with the process
        Assert.Equal(seen, ended);
    }

    private sealed record Stay : ITaskParameters<int>;

    private sealed class Visit(List<Visit> ended) : IDisposable
    {
        public void Dispose() => ended.Add(this);
    }

    private sealed class StayHandler(Visit visit, List<Visit> seen) : ITaskHandler<Stay, int>
    {
        public Task<int> HandleAsync(Stay parameters, TaskContext context)
        {
            seen.Add(visit);
            Assert.Same(visit, context.Services.GetRequiredService<Visit>());
            return context.Attempt < 2 ? throw new TaskAttemptException("not_yet", "Not yet.") : Task.FromResult(context.Attempt);
        }
    }
}
