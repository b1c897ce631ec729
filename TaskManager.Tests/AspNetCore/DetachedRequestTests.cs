using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TaskManager.Tests.Core.Diagnostics;

namespace TaskManager.Tests.AspNetCore;

/// <summary>A task that came by a request runs without anything of the request, on a real server that traces.</summary>
[Trait("Proof", "http")]
[Collection(ListensToSpans.Name)]
public sealed class DetachedRequestTests
{
    [Fact]
    public async Task Handler_OfATaskThatCameByARequest_SeesItsOwnSpanAlone()
    {
        using var spans = new SpanLog("TaskManager", "Microsoft.AspNetCore");
        (HttpContext? Request, string? Span, string? Parent) seen = default;
        await using HttpApp app = await HttpApp.StartAsync(new HttpAppSetup
        {
            OnKestrel = true,
            Build = builder =>
            {
                builder.Services.AddHttpContextAccessor();
                builder.Services.AddTaskManager().AddHandler<Nothing, Nothing>("look", (_, context) =>
                {
                    seen = (context.Services.GetRequiredService<IHttpContextAccessor>().HttpContext, Activity.Current?.DisplayName, Activity.Current?.ParentId);
                    return new Nothing();
                });
            },
        });
        HttpAnswer answer = await app.PostAsync("/tasks", """{"task_type":"look","parameters":{}}""", ("Prefer", "wait=60"), ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
        Assert.Equal("completed", answer.Is(200).TaskStatus);
        Assert.Equal((null, "run look", null), seen);
        Activity submission = Assert.Single(await spans.EndedAsync("submit look"));
        Activity attempt = Assert.Single(await spans.EndedAsync("run look"));
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", submission.TraceId.ToHexString());
        Assert.Equal(submission.SpanId, Assert.Single(attempt.Links).Context.SpanId);
    }
}
