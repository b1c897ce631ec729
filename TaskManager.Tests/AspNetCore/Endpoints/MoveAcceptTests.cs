using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.Testing;

namespace TaskManager.Tests.AspNetCore.Endpoints;

[Trait("Proof", "http")]
public sealed class MoveAcceptTests
{
    [Theory]
    [InlineData("POST", "/cancel")]
    [InlineData("POST", "/pause")]
    [InlineData("POST", "/resume")]
    [InlineData("POST", "/retry")]
    [InlineData("PATCH", "/status")]
    [InlineData("DELETE", "")]
    [InlineData("DELETE", "?purge=true")]
    public async Task Move_AnswerIsNotAcceptable_IsRefusedAndChangesNothing(string method, string path)
    {
        await using var service = new WebApplicationFactory<Program>();
        using HttpClient client = service.CreateClient();
        var task = new { task_type = "compute_sum", parameters = new { numbers = new[] { 1 } }, delay_seconds = 3600 };
        using HttpResponseMessage submitted = await client.PostAsJsonAsync(new Uri("/tasks", UriKind.Relative), task, TestContext.Current.CancellationToken);
        using var move = new HttpRequestMessage(new HttpMethod(method), $"{submitted.Headers.Location}{path}");
        move.Headers.Accept.ParseAdd("text/html");
        move.Content = JsonContent.Create(new { status = "cancelled" });

        using HttpResponseMessage refused = await client.SendAsync(move, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotAcceptable, refused.StatusCode);
        JsonNode? after = await client.GetFromJsonAsync<JsonNode>(submitted.Headers.Location, TestContext.Current.CancellationToken);
        Assert.Equal(("scheduled", 1), (after!["status"]!.GetValue<string>(), after["version"]!.GetValue<int>()));
    }
}
