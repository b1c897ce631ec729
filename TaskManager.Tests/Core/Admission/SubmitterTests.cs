using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;
using NSubstitute;
using TaskManager.Tests.Proof.Races;
using static TaskManager.Tests.Core.Admission.SubmitterFixture;

namespace TaskManager.Tests.Core.Admission;

/// <summary>One submission at a time; <see cref="SubmitterManyTests"/> has several.</summary>
public sealed class SubmitterTests
{
    private static readonly Guid[] Unknown = [Guid.NewGuid(), Guid.NewGuid()];

    [Fact]
    public async Task TrySubmit_EveryOutcomeOfTheStore_HasItsAnswer()
    {
        using var fixture = new SubmitterFixture(capacity: 2);
        TaskRequest keyed = Request(new SubmitOptions { IdempotencyKey = "key", UniqueKey = "one" });

        var added = Assert.IsType<SubmitResult.Accepted>(await fixture.TrySubmitAsync(keyed));
        Assert.Equal((AddOutcome.Added, added.Task), (added.Outcome, (await fixture.Steps.FindAsync(added.Task.Id))!.Value));
        Assert.Equal(new SubmitResult.Accepted(added.Task, AddOutcome.Replayed), await fixture.TrySubmitAsync(keyed));
        Assert.Equal(new SubmitResult.Accepted(added.Task, AddOutcome.JoinedUnique), await fixture.TrySubmitAsync(Request(new SubmitOptions { UniqueKey = "one" })));
        Assert.IsType<SubmitResult.KeyReused>(await fixture.TrySubmitAsync(keyed with { Fingerprint = new byte[] { 1 } }));
        Assert.IsType<SubmitResult.Accepted>(await fixture.TrySubmitAsync(Request()));
        Assert.IsType<SubmitResult.QueueFull>(await fixture.TrySubmitAsync(Request()));
        fixture.Stop();
        Assert.IsType<SubmitResult.Stopping>(await fixture.TrySubmitAsync(Request()));
    }

    [Fact]
    [SuppressMessage("Reliability", "CA2012", Justification = "A stand-in is told its answer by a call.")]
    public async Task Submit_StoreThatAnswersAMomentAfterItWasAsked_IsNotUnderWayForEver()
    {
        ITaskStore store = Substitute.For<ITaskStore>();
        using var fixture = new SubmitterFixture(around: _ => store);
        store.AddAsync(Arg.Any<TaskSubmission>(), Arg.Any<CancellationToken>()).Returns(_ => new ValueTask<AddResult>(new AnsweredMeanwhile(), 0));

        Assert.IsType<SubmitResult.Stopping>(await fixture.TrySubmitAsync(Request()));

        await fixture.Submitter.WhenNoneIsUnderWayAsync().Patiently();
    }

    [Fact]
    public async Task TrySubmit_UnknownParents_AreEachNamed()
    {
        using var fixture = new SubmitterFixture();
        Guid known = await fixture.SubmitAsync();

        var invalid = Assert.IsType<SubmitResult.Invalid>(await fixture.TrySubmitAsync(Request(new SubmitOptions { DependsOn = [Unknown[0], known, Unknown[1]] })));

        Assert.Equal(Unknown.Select(parent => $"names {parent}, which is not there."), Assert.Single(invalid.Errors).Value);
        Assert.Equal("depends_on", Assert.Single(invalid.Errors).Key);
    }

    [Fact]
    public async Task TrySubmit_UnknownParentsBesideOtherFaults_AreNamedWithThem()
    {
        using var fixture = new SubmitterFixture();
        Guid known = await fixture.SubmitAsync();
        var options = new SubmitOptions { DependsOn = [known, Unknown[0]], MaxAttempts = 0 };

        var invalid = Assert.IsType<SubmitResult.Invalid>(await fixture.TrySubmitAsync(Request(options)));
        var unknown = Assert.IsType<SubmitResult.UnknownType>(await fixture.TrySubmitAsync(Request(options, type: "txt")));

        Assert.Equal(["depends_on", "max_attempts"], invalid.Errors.Keys.Order());
        Assert.Single(invalid.Errors["depends_on"]);
        Assert.Equal(["depends_on", "max_attempts", "task_type"], unknown.Errors.Keys.Order());
        Assert.Equal("text", unknown.Nearest);
        Assert.Equal(["max_attempts"], Assert.IsType<SubmitResult.Invalid>(await fixture.TrySubmitAsync(Request(options with { DependsOn = [known] }))).Errors.Keys);
    }

    [Fact]
    public async Task Submit_WrongRequest_ThrowsWithEveryFault()
    {
        using var fixture = new SubmitterFixture();

        var invalid = await Assert.ThrowsAsync<TaskValidationException>(() => fixture.SubmitAsync(Request(new SubmitOptions { MaxAttempts = 0, DependsOn = Unknown })));
        Assert.Equal(["depends_on", "max_attempts"], invalid.Errors.Keys.Order());
        var unknown = await Assert.ThrowsAsync<TaskValidationException>(() => fixture.SubmitAsync(Request(type: "txt")));
        Assert.Equal(["task_type"], unknown.Errors.Keys);
        var parents = await Assert.ThrowsAsync<TaskValidationException>(() => fixture.SubmitAsync(Request(new SubmitOptions { DependsOn = Unknown })));
        Assert.Equal(["depends_on"], parents.Errors.Keys);
        Assert.Equal(0, (await fixture.Steps.CountAsync()).Accepted);
    }

    [Fact]
    public async Task Submit_KeyOfAnotherRequest_Throws()
    {
        using var fixture = new SubmitterFixture();
        TaskRequest request = Request(new SubmitOptions { IdempotencyKey = "key" });
        Guid first = await fixture.SubmitAsync(request);

        Assert.Equal(first, await fixture.SubmitAsync(request));
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => fixture.SubmitAsync(request with { Fingerprint = new byte[] { 1 } }));

        Assert.Equal("The idempotency key belongs to another request.", thrown.Message);
    }

    [Fact]
    public async Task Submit_FullQueue_WaitsUntilSomethingEnds()
    {
        using var fixture = new SubmitterFixture(capacity: 1);
        Guid first = await fixture.SubmitAsync();
        Task<Guid> second = fixture.SubmitAsync();
        Task<Guid> third = fixture.SubmitAsync();
        Assert.False(second.IsCompleted || third.IsCompleted);

        await fixture.Steps.CancelAsync(first);
        Guid next = await (await Task.WhenAny(second, third)).Patiently();
        await fixture.Steps.CancelAsync(next);

        Guid[] both = await Task.WhenAll(second, third).Patiently();
        Assert.Equal(3, both.Append(first).Distinct().Count());
    }

    [Fact]
    public async Task Submit_HintWithoutRoom_WaitsOn()
    {
        using var fixture = new SubmitterFixture(capacity: 1);
        Guid first = await fixture.SubmitAsync();
        Task<Guid> second = fixture.SubmitAsync();
        for (int i = 0; i < 10; i++)
        {
            fixture.Room.Raise();
        }

        await fixture.Steps.CancelAsync(first);

        Assert.NotEqual(first, await second.Patiently());
        AssertNobodyWaitsForRoom(fixture);
    }

    [Fact]
    public async Task Submit_TokenFiresWhileItWaits_ThrowsAndLetsTheOthersIn()
    {
        using var fixture = new SubmitterFixture(capacity: 1);
        Guid first = await fixture.SubmitAsync();
        using var source = new CancellationTokenSource();
        Task<Guid> cancelled = fixture.SubmitAsync(cancellationToken: source.Token);
        Task<Guid> other = fixture.SubmitAsync();

        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Patiently());
        await fixture.Steps.CancelAsync(first);

        await other.Patiently();
        Assert.Equal(2, (await fixture.Steps.CountAsync()).Accepted);
    }

    [Fact]
    public async Task Submit_ProcessStopsWhileItWaits_Throws()
    {
        using var fixture = new SubmitterFixture(capacity: 1);
        await fixture.SubmitAsync();
        Task<Guid> waiting = fixture.SubmitAsync();

        fixture.Stop();

        await Assert.ThrowsAsync<TaskManagerStoppingException>(() => waiting.Patiently());
        await Assert.ThrowsAsync<TaskManagerStoppingException>(() => fixture.SubmitAsync());
        await fixture.Submitter.WhenNoneIsUnderWayAsync().Patiently();
    }

    [Fact]
    public async Task Submit_RoomForAllThatWait_OneHintIsPassedOn()
    {
        using var fixture = new SubmitterFixture(configure: options => options.MaxStoredBytes = 1_000);
        TaskRecord large = await fixture.Steps.AddAsync(parameters: new JsonPayload(new byte[1_000], Value: null));
        await fixture.Steps.CancelAsync(large.Id);
        Task<Guid>[] waiting = [.. Enumerable.Range(0, 3).Select(_ => fixture.SubmitAsync())];
        await fixture.Steps.RemoveAsync(large.Id); // tells nobody
        Assert.All(waiting, task => Assert.False(task.IsCompleted));

        fixture.Room.Raise();

        await Task.WhenAll(waiting).Patiently();
    }

    [Fact]
    public async Task Submit_WaiterIsAnsweredWithoutRoom_PassesItsHintOn()
    {
        using var fixture = new SubmitterFixture(capacity: 1);
        TaskRequest same = Request(new SubmitOptions { ReuseResultFor = TimeSpan.FromHours(1) });
        Guid first = await fixture.SubmitAsync(same);
        await fixture.Steps.ClaimAsync(claim: new TaskClaim("pool", "pool-1", new TaskTypeSet(["text"]), Timeout.InfiniteTimeSpan));
        Task<Guid> reusing = fixture.SubmitAsync(same);
        Task<Guid> other = fixture.SubmitAsync();

        await fixture.Steps.CompleteAsync(first);

        Assert.Equal(first, await reusing.Patiently());
        Assert.NotEqual(first, await other.Patiently());
    }

    [Fact]
    public async Task Submit_StoreFailsAtAWaitersTurn_PassesItsHintOn()
    {
        SyncPointStore? points = null;
        using var fixture = new SubmitterFixture(capacity: 1, around: store => points = new SyncPointStore(store));
        Guid first = await fixture.SubmitAsync();
        Task<Guid> failing = fixture.SubmitAsync();
        Task<Guid> other = fixture.SubmitAsync();
        points!.BeforeAdd = () =>
        {
            points.BeforeAdd = null;
            throw new IOException("away");
        };

        await fixture.Steps.CancelAsync(first);

        await Assert.ThrowsAsync<IOException>(() => failing.Patiently());
        await other.Patiently();
    }

    // Hints are given out only while somebody waits; those that are left over are taken first.
    private static void AssertNobodyWaitsForRoom(SubmitterFixture fixture)
    {
        Task next;
        do
        {
            next = fixture.Room.NextAsync(CancellationToken.None);
        }
        while (next.IsCompleted);

        fixture.Room.Raise();

        Assert.False(next.IsCompleted);
    }

    /// <summary>Pending at the first look, and at the second no more.</summary>
    private sealed class AnsweredMeanwhile : IValueTaskSource<AddResult>
    {
        private int _looks;

        public AddResult GetResult(short token) => new(AddOutcome.Stopping);

        public ValueTaskSourceStatus GetStatus(short token) => _looks++ == 0 ? ValueTaskSourceStatus.Pending : ValueTaskSourceStatus.Succeeded;

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => continuation(state);
    }
}
