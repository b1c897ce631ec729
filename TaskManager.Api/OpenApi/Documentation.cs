using Swashbuckle.AspNetCore.ReDoc;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace TaskManager.Api.OpenApi;

/// <summary>
/// The OpenAPI document, and the pages that show it: Swagger UI and ReDoc. All that they load comes from this process, and the policy that is sent with
/// them lets a browser ask nobody else. The pages are our own, since a stock one loads fonts from the web; the scripts are the packages'.
/// </summary>
internal static class Documentation
{
    private const string DocumentPath = "/openapi/v1.json";

    // Both build their styles while they run; ReDoc searches in a worker that it makes out of its own script, and would load its maker's logo.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly string[] GetAndHead = [HttpMethods.Get, HttpMethods.Head];

    public static void MapDocumentation(this WebApplication app)
    {
        app.MapOpenApi();
        app.MapMethods("/", GetAndHead, () => Results.Redirect("/docs")).ExcludeFromDescription();
        app.MapMethods("/docs", GetAndHead, SendSwaggerPageAsync);
        app.MapMethods("/redoc", GetAndHead, SendReDocPageAsync);

        // What the pages load; in a branch, so that no other request pays for it.
        app.UseWhen(IsDocumentation, branch => branch.Use(AddPolicy).UseWhen(IsPlain, pages => pages.UseSwaggerUI(ConfigureSwagger).UseReDoc(ConfigureReDoc)));
    }

    private static bool IsDocumentation(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/docs", StringComparison.OrdinalIgnoreCase)
        || context.Request.Path.StartsWithSegments("/redoc", StringComparison.OrdinalIgnoreCase);

    // The packages put the path into a header, where a line break must not be, and take "head" for HEAD, which the server does not.
    private static bool IsPlain(HttpContext context) => context.Request.Method is "GET" or "HEAD" && !context.Request.Path.Value!.Any(char.IsControl);

    private static Task AddPolicy(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.ContentSecurityPolicy = Policy;
        return next(context);
    }

    private static void ConfigureSwagger(SwaggerUIOptions options)
    {
        options.RoutePrefix = "docs/assets";
        options.IndexStream = () => Page("swagger.html");
        options.SwaggerEndpoint(DocumentPath, "TaskManager v1");
        options.EnableDeepLinking();
        options.DisplayRequestDuration();
    }

    private static void ConfigureReDoc(ReDocOptions options)
    {
        options.RoutePrefix = "redoc/assets";
        options.IndexStream = () => Page("redoc.html");
        options.SpecUrl = DocumentPath;
    }

    private static Task SendSwaggerPageAsync(HttpContext context) => SendPageAsync(context, "swagger.html");

    private static Task SendReDocPageAsync(HttpContext context) => SendPageAsync(context, "redoc.html");

    private static async Task SendPageAsync(HttpContext context, string name)
    {
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.ContentType = "text/html; charset=utf-8";
        await using Stream page = Page(name);
        await page.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static Stream Page(string name) => typeof(Documentation).Assembly.GetManifestResourceStream(name)!;
}
