namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class TaskReuseTests
{
    [Fact]
    public async Task Submit_UniqueKeyOfAnUnfinishedTask_AnswersThatTask()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string first = await app.SubmitRunningAsync(options: "\"unique_key\":\"u\"");
        HttpAnswer second = (await app.PostAsync("/tasks", """{"task_type":"gate","unique_key":"u","priority":"high"}""")).Is(202);
        Assert.Equal(first, second.Id);
        Assert.Equal("unique-key", second.Header("Task-Reused"));
        Assert.Equal("processing", second.TaskStatus);
        Assert.Equal($"/tasks/{first}", second.Header("Location"));
    }

    [Fact]
    public async Task Submit_UniqueKeyOfAnEndedTaskOrAnotherType_MakesATask()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string first = await app.SubmitRunningAsync(options: "\"unique_key\":\"u\"");
        HttpAnswer otherType = (await app.PostAsync("/tasks", """{"task_type":"echo","unique_key":"u"}""")).Is(202);
        Assert.Null(otherType.Header("Task-Reused"));
        app.Handlers.Release();
        await app.UntilAsync(first, TaskState.Completed);
        HttpAnswer later = (await app.PostAsync("/tasks", """{"task_type":"gate","unique_key":"u"}""")).Is(202);
        Assert.NotEqual(first, later.Id);
        Assert.Null(later.Header("Task-Reused"));
    }

    [Fact]
    public async Task Submit_ResultOfEqualParametersIsYoungEnough_AnswersIt()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string first = await app.SubmitToEndAsync("echo", """{"x":1,"y":[1,{"p":1,"q":2}]}""", "\"reuse_result_for_seconds\":60");
        app.Clock.Advance(TimeSpan.FromSeconds(30));
        HttpAnswer reused = (await app.PostAsync("/tasks", """{"task_type":"echo","parameters": {"y":[1, {"q":2,"p":1}],"x":1},"reuse_result_for_seconds":30}""")).Is(200);
        Assert.Equal(first, reused.Id);
        Assert.Equal("result", reused.Header("Task-Reused"));
        Assert.Equal("completed", reused.TaskStatus);
        Assert.Null(reused.Header("Retry-After"));

        HttpAnswer tooYoung = (await app.PostAsync("/tasks", """{"task_type":"echo","parameters":{"x":1,"y":[1,{"p":1,"q":2}]},"reuse_result_for_seconds":29}""")).Is(202);
        Assert.Null(tooYoung.Header("Task-Reused"));
    }

    [Fact]
    public async Task Submit_OtherParametersOrNoWish_MakesATask()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string first = await app.SubmitToEndAsync("echo", "[1,2]", "\"reuse_result_for_seconds\":60");
        Assert.NotEqual(first, (await app.PostAsync("/tasks", """{"task_type":"echo","parameters":[2,1],"reuse_result_for_seconds":60}""")).Is(202).Id);
        Assert.NotEqual(first, (await app.PostAsync("/tasks", """{"task_type":"echo","parameters":[1,2]}""")).Is(202).Id);
    }

    [Fact]
    public async Task Submit_FirstOneDidNotOfferItsResult_MakesATask()
    {
        await using HttpApp app = await HttpApp.StartAsync();
        string first = await app.SubmitToEndAsync("echo", "[1,2]");
        Assert.NotEqual(first, (await app.PostAsync("/tasks", """{"task_type":"echo","parameters":[1,2],"reuse_result_for_seconds":60}""")).Is(202).Id);
    }
}
