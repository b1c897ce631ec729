namespace TaskManager.Tests.Docs;

/// <summary>Runs what <c>docs/guide.md</c> shows about whole types of tasks: their retries and their limits.</summary>
[Trait("Proof", "readme")]
public sealed class GuideTypeTests
{
    private static CancellationToken cancellationToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Retries_OfAHandler_AreThoseItAsksFor()
    {
        var source = new Source(503, 500, 200);
        await using var app = new GuideFixture(builder => RegisterFetch(builder, source));
        TaskHandle<string> fetch = await app.Tasks.SubmitAsync(new Fetch("page"), options: null, cancellationToken);

        await UntilFailedAsync(fetch, times: 1);
        app.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(1, source.Reads);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await UntilFailedAsync(fetch, times: 2);
        app.Clock.Advance(TimeSpan.FromSeconds(2 * 2 * 1.2));

        Assert.Equal("page", await fetch.WaitAsync(cancellationToken));
    }

    [Fact]
    public async Task Retries_OfAFailureThatIsNotRetryable_AreNone()
    {
        await using var app = new GuideFixture(builder => RegisterFetch(builder, new Source(404)));
        TaskHandle<string> fetch = await app.Tasks.SubmitAsync(new Fetch("page"), options: null, cancellationToken);

        TaskFailedException failure = await Assert.ThrowsAsync<TaskFailedException>(() => fetch.WaitAsync(cancellationToken));

        Assert.Equal(new TaskError("no_such_name", "There is no page.", typeof(TaskAttemptException).FullName), failure.Error);
    }

    [Fact]
    public async Task Limits_OfAType_HoldBackTheThird()
    {
        var post = new Post();
        await using var app = new GuideFixture(builder => RegisterMail(builder, post), slots: 5);
        TaskHandle[] mails = [.. await app.Tasks.SubmitManyAsync(Enumerable.Range(0, 3).Select(_ => new SendMail("you@example.org")), options: null, cancellationToken)];

        await Patience.UntilAsync(async () => (await app.Tasks.GetStatisticsAsync(cancellationToken)).Pool.Busy == 2);
        TaskRecord third = (await mails[2].GetAsync(cancellationToken))!.Value;

        Assert.Equal("type_limit", (await app.Tasks.ExplainAsync(third, cancellationToken))?.Reason);
        Assert.Equal(new TaskRate(100, TimeSpan.FromMinutes(1)), app.Tasks.Types.Find("send_mail")?.Rate);
        post.Open();
        await Task.WhenAll(mails.Select(mail => mail.WhenEndedAsync(cancellationToken)));
    }

    private static void RegisterFetch(TaskManagerBuilder builder, Source source)
    {
        // guide: retries
        builder.AddHandler("fetch", async (Fetch task, TaskContext context) =>
        {
            (int status, string text) = await source.ReadAsync(task.Name, context.CancellationToken);
            return status switch
            {
                200 => text,
                404 => throw new TaskAttemptException("no_such_name", $"There is no {task.Name}.") { IsRetryable = false },
                503 => throw new TaskAttemptException("busy", "The source is busy.") { RetryAfter = TimeSpan.FromSeconds(30) },
                _ => throw new InvalidOperationException($"The source answered {status}."),
            };
        },
        type =>
        {
            type.MaxAttempts = 3;              // one submission may say otherwise: SubmitOptions.MaxAttempts
            type.RetryDelay = TimeSpan.FromSeconds(2);
            type.RetryOnTimeout = true;        // otherwise a time-out is final
        });
    }

    private static void RegisterMail(TaskManagerBuilder builder, Post post)
    {
        // guide: limits
        builder.AddHandler("send_mail", (SendMail task, TaskContext context) => post.SendAsync(task.To, context.CancellationToken), type =>
        {
            type.MaxConcurrency = 2;                                   // two at once
            type.Rate = new TaskRate(100, TimeSpan.FromMinutes(1));    // a hundred starts within any minute
        });
    }

    private static Task UntilFailedAsync(TaskHandle task, int times) =>
        Patience.UntilAsync(async () => (await task.GetAsync(cancellationToken))?.Status is { State: TaskState.Scheduled } status && status.Failures == times);

    private sealed class Source(params int[] answers)
    {
        private int _reads;

        public int Reads => Volatile.Read(ref _reads);

        public async Task<(int Status, string Text)> ReadAsync(string name, CancellationToken token)
        {
            await Task.Yield();
            token.ThrowIfCancellationRequested();
            return (answers[Interlocked.Increment(ref _reads) - 1], name);
        }
    }

    private sealed class Post
    {
        private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously); // the test goes on beside the handlers

        public void Open() => _opened.TrySetResult();

        public Task SendAsync(string to, CancellationToken token) => _opened.Task.WaitAsync(token);
    }
}

internal sealed record Fetch(string Name) : ITaskParameters<string>;

internal sealed record SendMail(string To) : ITaskParameters<object>;
