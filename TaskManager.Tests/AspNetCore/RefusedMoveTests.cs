using System.Text.Json;

namespace TaskManager.Tests.AspNetCore;

/// <summary>What may be asked of a task in each state, as the table of <c>docs/lifecycle.md</c> has it, by every way to ask.</summary>
[Trait("Proof", "http")]
public sealed class RefusedMoveTests
{
    private const string Suspended = "suspended"; // paused, with an attempt that stands at a checkpoint

    private static readonly string[] Moves = ["cancel", "pause", "resume", "retry"];

    private static readonly Dictionary<string, string[]> Refused = new(StringComparer.Ordinal)
    {
        ["scheduled"] = ["resume", "retry"],
        ["blocked"] = ["resume", "retry"],
        ["queued"] = ["resume", "retry"],
        ["processing"] = ["resume", "retry"],
        ["paused"] = ["retry"],
        [Suspended] = ["retry"],
        ["completed"] = ["cancel", "pause", "resume", "retry"],
        ["failed"] = ["cancel", "pause", "resume"],
        ["timed_out"] = ["cancel", "pause", "resume"],
        ["cancelled"] = ["pause", "resume"],
    };

    public static TheoryData<string, string> Table => new(Refused.Keys.SelectMany(state => Moves.Select(move => (state, move))));

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Move_FromEachState_IsRefusedOrDoneAsTheTableSays(string state, string move)
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { Tasks = options => options.MaxConcurrency = 1 });
        string id = await MakeAsync(app, state);
        string before = await StandingAsync(app, id);
        bool isRefused = Refused[state].Contains(move);
        foreach (Func<Task<HttpAnswer>> ask in Ways(app, id, move))
        {
            Task<HttpAnswer> asked = ask();
            await Patience.UntilAsync(() =>
            {
                app.Clock.Advance(TimeSpan.FromMilliseconds(100)); // a running attempt gets a second to feel it
                return asked.IsCompleted;
            });
            HttpAnswer answer = await asked;
            if (!isRefused)
            {
                Assert.True(answer.Status is 200 or 202, answer.Text);
                return;
            }

            JsonElement problem = answer.IsProblem(409, "move-refused");
            string shown = state == Suspended ? "paused" : state;
            Assert.Equal(shown, problem.GetProperty("current_status").GetString());
            Assert.StartsWith($"A task that is {shown} cannot be ", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.Equal(before, await StandingAsync(app, id));
        }
    }

    [Fact]
    public void Table_NamesEveryState() =>
        Assert.Equal(TaskStates.All.Select(state => state.WireName()).Append(Suspended).Order(), Refused.Keys.Order());

    private static async Task<string> MakeAsync(HttpApp app, string state)
    {
        switch (state)
        {
            case "scheduled":
                return await app.SubmitAsync("gate", "{}", "\"delay_seconds\":5184000");
            case "blocked":
                return await app.SubmitAsync("gate", "{}", $"\"depends_on\":[\"{await app.SubmitRunningAsync()}\"]");
            case "queued" or "paused":
                await app.SubmitRunningAsync();
                string waiting = await app.SubmitAsync("gate");
                _ = state == "queued" ? null : (await app.PostAsync($"/tasks/{waiting}/pause")).Is(200);
                return waiting;
            case "processing":
                return await app.SubmitRunningAsync();
            case Suspended:
                string suspended = await app.SubmitRunningAsync("steps");
                Task<HttpAnswer> pausing = await app.BeginAsync(sender => sender.PostAsync($"/tasks/{suspended}/pause"));
                app.Handlers.Step();
                Assert.Equal("paused", (await pausing).Is(200).TaskStatus);
                return suspended;
            case "completed":
                return await app.SubmitToEndAsync("echo");
            case "failed":
                return await app.SubmitToEndAsync("fail");
            case "timed_out":
                string brief = await app.SubmitRunningAsync("brief");
                app.Clock.Advance(TimeSpan.FromSeconds(5));
                await app.UntilAsync(brief, TaskState.TimedOut);
                return brief;
            default:
                string cancelled = await app.SubmitRunningAsync();
                (await app.PostAsync($"/tasks/{cancelled}/cancel")).Is(200);
                return cancelled;
        }
    }

    private static IEnumerable<Func<Task<HttpAnswer>>> Ways(HttpApp app, string id, string move)
    {
        yield return () => app.PostAsync($"/tasks/{id}/{move}");
        if (move != "retry")
        {
            string wished = move switch { "cancel" => "cancelled", "pause" => "paused", _ => "queued" };
            yield return () => app.PatchAsync($"/tasks/{id}/status", $$"""{"status":"{{wished}}"}""");
        }

        if (move == "cancel")
        {
            yield return () => app.DeleteAsync($"/tasks/{id}");
        }
    }

    private static async Task<string> StandingAsync(HttpApp app, string id)
    {
        HttpAnswer task = (await app.GetAsync($"/tasks/{id}")).Is(200);
        return string.Join(' ', ((string[])["status", "version", "attempt", "pause_requested", "cancel_requested", "error"]).Select(name => task.Member(name).GetRawText()));
    }
}
