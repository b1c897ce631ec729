using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TaskManager;

// The library alone, in a console program: typed tasks, a live watch, pause and cancel, retries, and tasks that depend on others.
await using ServiceProvider services = new ServiceCollection()
    .AddTaskManager(options => options.MaxConcurrency = 3)
    .AddHandler<Page, int>("page", CountWordsAsync)
    .AddHandler<Book, int>("book", AddUpAsync)
    .AddHandler<Flaky, int>("flaky", FlakyAsync, type => (type.MaxAttempts, type.RetryDelay) = (3, TimeSpan.FromMilliseconds(10)))
    .Services.BuildServiceProvider();
var tasks = services.GetRequiredService<ITaskManager>();

// Fan-out and fan-in: the book is counted when all of its pages are.
IReadOnlyList<TaskHandle<int>> pages = await tasks.SubmitManyAsync([new Page("to be or not to be"), new Page("that is the question")]);
TaskHandle<int> book = await tasks.SubmitAsync(new Book(), new SubmitOptions { DependsOn = [.. pages.Select(page => page.Id)] });
Console.WriteLine($"The book has {await book.WaitAsync()} words.");

// A live watch: states, progress and log, in order, to the end.
TaskHandle<int> watched = await tasks.SubmitAsync(new Page("watch me count"));
await foreach (TaskEvent happened in watched.WatchAsync())
{
    Console.WriteLine(happened switch
    {
        TaskStatusEvent status => $"  {status.State}",
        TaskProgressEvent { Progress: var progress } => $"  {progress.Percent} %",
        TaskLogEvent line => $"  \"{line.Message}\"",
        _ => $"  {happened}",
    });
}

// Pause at a checkpoint, go on with the same attempt, and look at the outcome without a throw.
TaskHandle<int> held = await tasks.SubmitAsync(new Page(string.Join(' ', Enumerable.Repeat("word", 300))));
await held.WhenAsync(TaskState.Processing);
await held.PauseAsync();
TaskRecord paused = await held.WhenAsync(TaskState.Paused);
Console.WriteLine($"Held at {paused.Progress?.Percent ?? 0} %.");
await held.ResumeAsync();
TaskOutcome<int> outcome = await held.OutcomeAsync();
Console.WriteLine($"{outcome.State}: {outcome.Result} words, attempt {(await held.GetAsync())?.Status.Attempt}.");

// Cancel reaches the code; retries are counted.
TaskHandle<int> cancelled = await tasks.SubmitAsync(new Page(string.Join(' ', Enumerable.Repeat("word", 100_000))));
await cancelled.WhenAsync(TaskState.Processing);
await cancelled.CancelAsync();
Console.WriteLine($"{(await cancelled.WhenEndedAsync()).State}.");
Console.WriteLine($"It worked at attempt {await (await tasks.SubmitAsync(new Flaky())).WaitAsync()}.");

static async Task<int> CountWordsAsync(Page page, TaskContext context)
{
    string[] words = page.Text.Split(' ');
    for (int i = 0; i < words.Length; i++)
    {
        await context.CheckpointAsync(); // pause and cancel are felt here
        context.ReportProgress(i + 1, words.Length);
        await Task.Delay(TimeSpan.FromMilliseconds(1), context.Clock, context.CancellationToken);
    }

    context.Logger.LogInformation("Counted {Words} words", words.Length);
    return words.Length;
}

static async Task<int> AddUpAsync(Book book, TaskContext context)
{
    int words = 0;
    foreach (Guid page in context.DependsOn)
    {
        words += await context.ResultOfAsync<int>(page);
    }

    return words;
}

static Task<int> FlakyAsync(Flaky task, TaskContext context) =>
    context.Attempt == 3 ? Task.FromResult(context.Attempt) : throw new TaskAttemptException("no_luck", "No luck yet.");

internal sealed record Page(string Text) : ITaskParameters<int>;

internal sealed record Book : ITaskParameters<int>;

internal sealed record Flaky : ITaskParameters<int>;
