using Microsoft.AspNetCore.Http;
using TaskManager.AspNetCore.Answers;
using TaskManager.AspNetCore.Requests;

namespace TaskManager.AspNetCore.Guards;

/// <summary>Stands around every endpoint wherever it is mapped: limit (if there is one) and origin first, before the body is read; then the endpoint, whose refusals become answers.</summary>
internal sealed class EndpointGuard(RateLimitGuard? rateLimit, CrossSiteGuard crossSite, Answer answer)
{
    public RequestDelegate Around(RequestDelegate endpoint) => async context =>
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        Problem? refusal = rateLimit?.Check(context) ?? crossSite.Check(context);
        if (refusal is null)
        {
            try
            {
                await endpoint(context).ConfigureAwait(false);
                return;
            }
            catch (RequestRefusedException refused)
            {
                refusal = refused.Problem;
            }
            catch (TooManyWaitersException tooMany)
            {
                refusal = Problems.TooManyWaiters(tooMany.Message);
            }
            catch (BadHttpRequestException bad)
            {
                refusal = Problems.BadRequest(bad.StatusCode, bad.Message);
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                return; // nobody is there to answer
            }
        }

        await answer.SendAsync(context, refusal).ConfigureAwait(false);
    };
}
