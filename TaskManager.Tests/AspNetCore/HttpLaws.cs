namespace TaskManager.Tests.AspNetCore;

/// <summary>What holds for every answer whatever was asked; checked for each one that a test gets.</summary>
internal static class HttpLaws
{
    private static readonly string[] Secrets = ["   at ", ".cs:line", AppContext.BaseDirectory, "/TaskManager.", "/home/", "/usr/"];

    public static void Check(HttpAnswer answer)
    {
        Assert.True(answer.Status is < 500 or 503, $"No request may end in a {answer.Status}: {answer.Text}");
        Assert.DoesNotContain(Secrets, secret => answer.Text.Contains(secret, StringComparison.Ordinal));
        bool isOurs = answer.ContentType.Length > 0 || answer.Status is 204 or 304; // what routing alone refuses is the host's to dress
        Assert.True(!isOurs || answer.Header("X-Content-Type-Options") == "nosniff", "Every answer says nosniff.");
        Assert.True(answer.Status < 400 || !isOurs || answer.ContentType == "application/problem+json", $"Errors are problem details, not {answer.ContentType}.");
    }
}
