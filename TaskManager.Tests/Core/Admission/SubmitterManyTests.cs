using static TaskManager.Tests.Core.Admission.SubmitterFixture;

namespace TaskManager.Tests.Core.Admission;

public sealed class SubmitterManyTests
{
    private static readonly TaskRequest Wrong = Request(new SubmitOptions { MaxAttempts = 0 });
    private static readonly TaskRequest Orphan = Request(new SubmitOptions { DependsOn = [Guid.NewGuid()] });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TrySubmitMany_AllRight_AreAcceptedInOrder(bool atomic)
    {
        using var fixture = new SubmitterFixture();

        IReadOnlyList<SubmitResult> answers = await fixture.TrySubmitManyAsync(atomic, Request(parameters: "a"), Request(parameters: "b"));

        Assert.Equal(["a", "b"], answers.Cast<SubmitResult.Accepted>().Select(answer => answer.Task.Definition.Parameters));
        Assert.Empty(await fixture.TrySubmitManyAsync(atomic));
        await fixture.Submitter.WhenNoneIsUnderWayAsync().Patiently();
    }

    [Fact]
    public async Task TrySubmitMany_SomeWrong_AnswersEachInItsPlace()
    {
        using var fixture = new SubmitterFixture(capacity: 2);

        IReadOnlyList<SubmitResult> answers = await fixture.TrySubmitManyAsync(
            atomic: false, Wrong, Request(parameters: "a"), Request(type: "txt"), Orphan, Request(parameters: "b"), Request(parameters: "c"));

        Assert.Collection(
            answers,
            answer => Assert.Equal(["max_attempts"], Assert.IsType<SubmitResult.Invalid>(answer).Errors.Keys),
            answer => Assert.Equal("a", Assert.IsType<SubmitResult.Accepted>(answer).Task.Definition.Parameters),
            answer => Assert.Equal("text", Assert.IsType<SubmitResult.UnknownType>(answer).Nearest),
            answer => Assert.Equal(["depends_on"], Assert.IsType<SubmitResult.Invalid>(answer).Errors.Keys),
            answer => Assert.Equal("b", Assert.IsType<SubmitResult.Accepted>(answer).Task.Definition.Parameters),
            answer => Assert.IsType<SubmitResult.QueueFull>(answer));
    }

    [Fact]
    public async Task TrySubmitMany_AtomicAndSomeWrong_TriesNoneAndNamesEveryFault()
    {
        using var fixture = new SubmitterFixture();
        Guid known = await fixture.SubmitAsync();

        IReadOnlyList<SubmitResult> answers = await fixture.TrySubmitManyAsync(
            atomic: true, Request(new SubmitOptions { DependsOn = [known] }), Wrong, Orphan, Request(Orphan.Options! with { MaxAttempts = 0 }));

        Assert.Collection(
            answers,
            answer => Assert.IsType<SubmitResult.NotTried>(answer),
            answer => Assert.Equal(["max_attempts"], Assert.IsType<SubmitResult.Invalid>(answer).Errors.Keys),
            answer => Assert.Equal(["depends_on"], Assert.IsType<SubmitResult.Invalid>(answer).Errors.Keys),
            answer => Assert.Equal(["depends_on", "max_attempts"], Assert.IsType<SubmitResult.Invalid>(answer).Errors.Keys.Order()));
        Assert.Equal(1, (await fixture.Steps.CountAsync()).Accepted);
    }

    [Fact]
    public async Task TrySubmitMany_AtomicAndTheStoreRefusesOne_TriesNone()
    {
        using var fixture = new SubmitterFixture();

        IReadOnlyList<SubmitResult> answers = await fixture.TrySubmitManyAsync(atomic: true, Request(), Orphan);

        Assert.IsType<SubmitResult.NotTried>(answers[0]);
        Assert.IsType<SubmitResult.Invalid>(answers[1]);
        Assert.Equal(0, (await fixture.Steps.CountAsync()).Accepted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TrySubmitMany_ProcessStops_IsRefused(bool atomic)
    {
        using var fixture = new SubmitterFixture();
        fixture.Stop();

        Assert.All(await fixture.TrySubmitManyAsync(atomic, Request(), Request()), answer => Assert.IsType<SubmitResult.Stopping>(answer));
        Assert.Equal(0, (await fixture.Steps.CountAsync()).Accepted);
    }

    [Fact]
    public async Task SubmitMany_SomeWrong_ThrowsWithTheirPlacesAndAdmitsNone()
    {
        using var fixture = new SubmitterFixture();

        var thrown = await Assert.ThrowsAsync<TaskValidationException>(async () => await fixture.Submitter.SubmitManyAsync([Request(), Wrong, Wrong], CancellationToken.None));

        Assert.Equal(["[1].max_attempts", "[2].max_attempts"], thrown.Errors.Keys);
        Assert.Equal(0, (await fixture.Steps.CountAsync()).Accepted);
    }

    [Fact]
    public async Task SubmitMany_MoreThanFit_WaitsForRoom()
    {
        using var fixture = new SubmitterFixture(capacity: 1);
        Task<IReadOnlyList<Guid>> submitting = fixture.Submitter.SubmitManyAsync([Request(), Request()], CancellationToken.None).AsTask();
        Guid first = Assert.Single(await fixture.Steps.ListAsync(new TaskQuery()));
        Assert.False(submitting.IsCompleted);

        await fixture.Steps.CancelAsync(first);

        IReadOnlyList<Guid> ids = await submitting.Patiently();
        Assert.Equal((2, first), (ids.Count, ids[0]));
    }

    [Fact]
    public async Task WhenNoneIsUnderWay_SubmissionsAreInTheStore_WaitsForThem()
    {
        using var fixture = new SubmitterFixture();
        await fixture.Submitter.WhenNoneIsUnderWayAsync().Patiently();
        using var entered = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        fixture.Steps.Store.Changed += _ =>
        {
            entered.Release();
            goOn.Wait(Patience.Generous);
        };
        Task<Guid> submitting = Task.Run(() => fixture.SubmitAsync());
        await entered.WaitAsync().Patiently();

        Task none = fixture.Submitter.WhenNoneIsUnderWayAsync();
        Assert.False(none.IsCompleted);
        goOn.Release();

        await submitting.Patiently();
        await none.Patiently();
    }
}
