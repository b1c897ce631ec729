using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using TaskManager.AspNetCore.Requests;

namespace TaskManager.Tests.AspNetCore;

[Trait("Proof", "http")]
public sealed class RequestBodyTests
{
    [Fact]
    public async Task Read_ConnectionBreaksBeforeTheRequestIsKnownToBeOver_IsTheClientsFault()
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync("{\"task_type\""u8.ToArray(), TestContext.Current.CancellationToken);
        await pipe.Writer.CompleteAsync(new IOException("The connection was reset."));
        var context = new DefaultHttpContext();
        context.Features.Set<IRequestBodyPipeFeature>(new Body(pipe.Reader));

        RequestRefusedException refused = await Assert.ThrowsAsync<RequestRefusedException>(() => RequestBody.ReadAsync(context, maxBytes: 100).AsTask());

        Assert.Equal((400, "bad-request"), (refused.Problem.Status, refused.Problem.Name));
    }

    private sealed record Body(PipeReader Reader) : IRequestBodyPipeFeature;
}
