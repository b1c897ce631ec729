namespace TaskManager.Tests.Core.Engine;

public sealed class ProgressTests
{
    [Fact]
    public async Task Progress_GivenToCodeThatKnowsNothingOfTasks_IsTheTasks()
    {
        await using var fixture = EngineFixture.Create((task, context) => Task.FromResult(Copy(task.Name, context.Progress)));

        TaskHandle<string> task = await fixture.SubmitAsync("abc");
        await task.WaitAsync().Patiently();

        TaskProgress progress = (await task.GetAsync())!.Value.Progress!;
        Assert.Equal((3, 3, "c", 3), (progress.Step, progress.Total, progress.Message, progress.Count));
    }

    [Theory]
    [InlineData(-1, 3)]
    [InlineData(double.NaN, 3)]
    [InlineData(1, double.PositiveInfinity)]
    public async Task Progress_NumberThatIsNone_FailsTheAttempt(double step, double total)
    {
        await using var fixture = EngineFixture.Create((_, context) =>
        {
            context.Progress.Report(new TaskProgress(step, total));
            return Task.FromResult("done");
        });

        TaskRecord ended = await (await fixture.SubmitAsync()).WhenEndedAsync().Patiently();

        Assert.Equal((TaskState.Failed, "handler_failed"), (ended.State, ended.Status.Error!.Code));
        Assert.Null(ended.Progress);
    }

    private static string Copy(string text, IProgress<TaskProgress> progress)
    {
        for (int i = 0; i < text.Length; i++)
        {
            progress.Report(new TaskProgress(i + 1, text.Length, text[i].ToString()));
        }

        return text;
    }
}
