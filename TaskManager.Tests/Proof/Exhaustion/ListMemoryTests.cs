using TaskManager.Tests.AspNetCore;

namespace TaskManager.Tests.Proof.Exhaustion;

/// <summary>A list of everything holds a few lines at a time, however long it is.</summary>
[Trait("Proof", "exhaustion")]
[Collection(Alone.Name)]
public sealed class ListMemoryTests
{
    private const int Tasks = 100_000;
    private const int BetweenLooks = 20_000;
    private const long Most = 4 * 1024 * 1024;

    [Fact]
    public async Task Lines_OfHundredThousandTasks_TakeNoMoreRoomThanThoseOfAFew()
    {
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup { OnKestrel = true, Tasks = options => options.MaxConcurrency = 0 });
        TaskRequest[] requests = [.. Enumerable.Repeat(new TaskRequest("gate", new Nothing()), Tasks)];
        await app.Tasks.TrySubmitManyAsync(requests, cancellationToken: TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/tasks");
        request.Headers.Accept.ParseAdd("application/x-ndjson");
        long before = Alone.Heap();
        using HttpResponseMessage response = await app.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

        int lines = 0;
        long length = 0;
        long most = 0;
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            length += line.Length + 1;
            if (++lines % BetweenLooks == 0)
            {
                most = Math.Max(most, Alone.Heap() - before); // the rest waits meanwhile, on either side of the connection
            }
        }

        Assert.Equal(Tasks, lines);
        Assert.True(length > 10 * Most, $"{length:N0} bytes are too few to tell.");
        Assert.True(most < Most, $"{most:N0} bytes were held at a time, of {length:N0}.");
    }
}
