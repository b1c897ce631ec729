using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace TaskManager.Tests.Api;

[Trait("Proof", "http")]
public sealed class ContentRootTests
{
    [Fact]
    public async Task Settings_StartedFromAnywhere_AreThoseBesideTheProgram()
    {
        await using var service = new WebApplicationFactory<Program>();

        Assert.Equal(AppContext.BaseDirectory, service.Services.GetRequiredService<IHostEnvironment>().ContentRootPath);
        Assert.Equal("localhost;127.0.0.1;[::1]", service.Services.GetRequiredService<IConfiguration>()["AllowedHosts"]);
    }
}
