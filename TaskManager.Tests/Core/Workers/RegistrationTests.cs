using System.Text.Json;
using System.Text.Json.Nodes;
using static TaskManager.Tests.Core.Workers.WorkerFixture;

namespace TaskManager.Tests.Core.Workers;

public sealed class RegistrationTests
{
    [Theory]
    [InlineData("worker-1-a")]
    [InlineData("worker-001-gpu")]
    [InlineData("worker-7-a100.x_y-z")]
    public async Task Register_GoodId_IsTaken(string id)
    {
        await using WorkerFixture fixture = await CreateAsync();
        var registered = Assert.IsType<RegisterResult.Registered>(await fixture.Workers.RegisterAsync(new WorkerRegistration(id, "i", [TypeName])));
        Assert.Equal((true, Lease, Lease / 3), (registered.IsNew, registered.LeaseDuration, registered.HeartbeatInterval));
    }

    [Theory]
    [InlineData("")]
    [InlineData("worker")]
    [InlineData("worker-x-gpu")]
    [InlineData("worker-1-")]
    [InlineData("worker-1-gpu\n")]
    [InlineData("Worker-1-gpu")]
    [InlineData("worker-١-gpu")]
    [InlineData("worker-1-0123456789012345678901234567890123456789012345678901234567")]
    public async Task Register_BadId_IsRefusedByName(string id) => await RefusedAsync(new WorkerRegistration(id, "i", [TypeName]), "worker_id");

    [Fact]
    public async Task Register_EverythingWrong_NamesEveryFault()
    {
        var labels = Enumerable.Range(0, 21).ToDictionary(number => number == 0 ? string.Empty : $"k{number}", number => number == 1 ? new string('x', 65) : "v");
        await RefusedAsync(
            new WorkerRegistration("w", string.Empty, ["ok", "not ok", string.Empty], Slots: 0, labels),
            "worker_id", "incarnation", "task_types[1]", "task_types[2]", "slots", "labels", "labels.", "labels.k1");
        await RefusedAsync(new WorkerRegistration("worker-1-a", new string('x', 129), [], Slots: 1_001), "incarnation", "task_types", "slots");
        await RefusedAsync(new WorkerRegistration("worker-1-a", "a\u0001", [.. Enumerable.Range(0, 101).Select(number => $"t{number}")]), "incarnation", "task_types");
    }

    [Fact]
    public async Task Register_TypeWithAHandler_IsRefused()
    {
        await using WorkerFixture fixture = await CreateAsync(more: builder => builder.AddHandler<Engine.Work, string>("work", (work, _) => work.Name));
        var refused = Assert.IsType<RegisterResult.HasHandler>(await fixture.Workers.RegisterAsync(new WorkerRegistration("worker-2-a", "i", ["work", TypeName])));
        Assert.Equal(["work"], refused.TaskTypes);
        Assert.Single(fixture.Workers.List());
    }

    [Fact]
    public async Task Register_MoreWorkersOrTypesThanMayBe_IsRefusedAndNothingIsLost()
    {
        await using WorkerFixture fixture = await CreateAsync(options => (options.MaxWorkers, options.MaxTaskTypes) = (2, 3));
        Assert.IsType<RegisterResult.TooManyTaskTypes>(await fixture.Workers.RegisterAsync(new WorkerRegistration("worker-2-a", "i", ["a", "b", "c"])));
        Assert.Null(fixture.Tasks.Types.Find("a"));
        await fixture.RegisterAsync("worker-2-a", "i", "a", "b");
        Assert.IsType<RegisterResult.TooManyWorkers>(await fixture.Workers.RegisterAsync(new WorkerRegistration("worker-3-a", "i", ["a"])));
        await fixture.RegisterAsync("worker-2-a", "j", "a");
        Assert.Equal([Worker, "worker-2-a"], fixture.Workers.List().Select(worker => worker.Registration.WorkerId));
    }

    [Fact]
    public async Task Register_MoreWorkersThanMayBe_MakesNoTypeKnown()
    {
        await using WorkerFixture fixture = await CreateAsync(options => options.MaxWorkers = 1);
        Assert.IsType<RegisterResult.TooManyWorkers>(await fixture.Workers.RegisterAsync(new WorkerRegistration("worker-2-a", "i", ["crop"])));
        Assert.Null(fixture.Tasks.Types.Find("crop"));
        await fixture.RegisterAsync(Worker, "first", "crop");
        Assert.NotNull(fixture.Tasks.Types.Find("crop"));
    }

    [Fact]
    public async Task Register_IncarnationThatWasReplaced_IsRefusedAndTakesNothing()
    {
        await using WorkerFixture fixture = await CreateAsync();
        await fixture.RegisterAsync(incarnation: "second");
        await fixture.RegisterAsync(incarnation: "third");
        TaskRecord claimed = await fixture.StartAsync();
        foreach (string late in (string[])["first", "second"])
        {
            Assert.IsType<RegisterResult.StaleIncarnation>(await fixture.Workers.RegisterAsync(new WorkerRegistration(Worker, late, [TypeName, "crop"])));
        }

        Assert.Equal("third", Assert.Single(fixture.Workers.List()).Registration.Incarnation);
        Assert.Null(fixture.Tasks.Types.Find("crop"));
        Assert.Equal(LeaseDirective.Continue, await fixture.HeartbeatAsync(claimed));
    }

    [Fact]
    public async Task Register_ReplacedManyTimes_RemembersTheLastStarts()
    {
        await using WorkerFixture fixture = await CreateAsync(); // "first"
        for (int i = 0; i < 16; i++)
        {
            await fixture.RegisterAsync(incarnation: $"start {i}");
        }

        Assert.IsType<RegisterResult.StaleIncarnation>(await fixture.Workers.RegisterAsync(new WorkerRegistration(Worker, "first", [TypeName])));
        await fixture.RegisterAsync(incarnation: "start 16");
        await fixture.RegisterAsync(incarnation: "first"); // 16 have come since
    }

    [Fact]
    public async Task Register_WorkerHasLeft_AnyIncarnationMayCome()
    {
        await using WorkerFixture fixture = await CreateAsync();
        await fixture.RegisterAsync(incarnation: "second");
        Assert.Equal(WorkerCallOutcome.Accepted, await fixture.Workers.LeaveAsync(Worker, "second"));
        await fixture.RegisterAsync(incarnation: "first");
    }

    [Fact]
    public async Task Register_NewType_BecomesKnownToSubmit()
    {
        await using WorkerFixture fixture = await CreateAsync();
        Assert.IsType<SubmitResult.UnknownType>(await fixture.Tasks.TrySubmitAsync(new TaskRequest("crop", Payload("{}"))));
        await fixture.RegisterAsync("worker-2-a", "i", "crop");
        Assert.IsType<SubmitResult.Accepted>(await fixture.Tasks.TrySubmitAsync(new TaskRequest("crop", Payload("[1]"))));
        Assert.True(fixture.Tasks.Types.Find("crop")!.RunsOnWorkers);
    }

    [Fact]
    public async Task Submit_TypeWithACheck_RefusesWhatItFindsWrong()
    {
        await using WorkerFixture fixture = await CreateAsync(type: type =>
        {
            type.ParametersSchema = JsonNode.Parse("""{"required":["width"]}""");
            type.CheckParameters = (parameters, faults) =>
            {
                if (!parameters.TryGetProperty("width", out _))
                {
                    faults.Add("parameters.width", "is missing.");
                }
            };
        });
        var refused = Assert.IsType<SubmitResult.Invalid>(await fixture.Tasks.TrySubmitAsync(new TaskRequest(TypeName, Payload("{}"))));
        Assert.Equal(["parameters.width"], refused.Errors.Keys);
        Assert.IsType<SubmitResult.Accepted>(await fixture.Tasks.TrySubmitAsync(new TaskRequest(TypeName, Payload("""{"width":1}"""))));
        await Assert.ThrowsAsync<TaskValidationException>(async () => await fixture.Tasks.SubmitAsync(TypeName, JsonSerializer.SerializeToElement(new { height = 1 })));
        Assert.Equal("""{"required":["width"]}""", fixture.Tasks.Types.Find(TypeName)!.ParametersSchema.ToJsonString());
    }

    [Fact]
    public async Task Submit_TypedForWorkers_IsWrittenForThemAndReadBack()
    {
        await using WorkerFixture fixture = await CreateAsync(more: builder => builder.AddWorkerTaskType<Crop, Size>("crop"));
        await fixture.RegisterAsync("worker-2-a", "i", "crop");
        TaskHandle<Size> handle = await fixture.Tasks.SubmitAsync(new Crop(3));
        TaskRecord claimed = Assert.Single(await fixture.ClaimAsync(max: 1, "worker-2-a"));
        Assert.Equal("""{"left_edge":3}"""u8.ToArray(), Assert.IsType<JsonPayload>(claimed.Definition.Parameters).Utf8.ToArray());
        await fixture.CompleteAsync(claimed, """{"bytes":12}""");
        Assert.Equal(new Size(12), await handle.WaitAsync().Patiently());
    }

    private static async Task RefusedAsync(WorkerRegistration registration, params string[] fields)
    {
        await using WorkerFixture fixture = await CreateAsync();
        var refused = Assert.IsType<RegisterResult.Invalid>(await fixture.Workers.RegisterAsync(registration));
        Assert.Equal(fields.Order(StringComparer.Ordinal), refused.Errors.Keys.Order(StringComparer.Ordinal));
        Assert.Single(fixture.Workers.List());
    }

    private sealed record Crop(int LeftEdge) : ITaskParameters<Size>;

    private sealed record Size(int Bytes);
}
