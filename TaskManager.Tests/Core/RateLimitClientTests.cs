using System.Net;

namespace TaskManager.Tests.Core;

public sealed class RateLimitClientTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1")]
    [InlineData("::ffff:192.0.2.1%3", "::ffff:c000:201")]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff")]
    [InlineData("fe80::1%1", "fe80::2%2")]
    [InlineData("64:ff9b::192.0.2.1", "64:ff9b::192.0.2.2")] // one translator's clients are one network, as any other /64
    public void From_AddressesOfOneClient_AreEqual(string first, string second)
    {
        RateLimitClient one = RateLimitClient.From(IPAddress.Parse(first)), other = RateLimitClient.From(IPAddress.Parse(second));
        Assert.Equal(one, other);
        Assert.True(one == other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.2")]
    [InlineData("192.0.2.1", "::192.0.2.1")]
    [InlineData("192.0.2.1", "64:ff9b::192.0.2.1")]
    [InlineData("127.0.0.1", "::1")]
    [InlineData("0.0.0.5", "0:0:0:5::")]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1")]
    [InlineData("2001:db8::1", "2001:db9::1")]
    public void From_AddressesOfTwoClients_Differ(string first, string second) =>
        Assert.NotEqual(RateLimitClient.From(IPAddress.Parse(first)), RateLimitClient.From(IPAddress.Parse(second)));

    [Fact]
    public void From_MissingAddress_IsAClientOfItsOwn()
    {
        Assert.Equal(default, RateLimitClient.From(null));
        Assert.NotEqual(RateLimitClient.From(IPAddress.Any), RateLimitClient.From(null));
        Assert.NotEqual(RateLimitClient.From(IPAddress.IPv6Any), RateLimitClient.From(null));
    }

    [Fact]
    public void From_Address_AllocatesNothing()
    {
        IPAddress address = IPAddress.Parse("2001:db8::1"), mapped = IPAddress.Parse("::ffff:192.0.2.1");
        int equal = Count();
        long before = GC.GetAllocatedBytesForCurrentThread();
        equal += Count();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(0, equal);

        int Count()
        {
            int found = 0;
            for (int i = 0; i < 1_000; i++)
            {
                RateLimitClient one = RateLimitClient.From(address), other = RateLimitClient.From(mapped);
                found += one == other || one.GetHashCode() == other.GetHashCode() ? 1 : 0;
            }

            return found;
        }
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("255.255.255.255", "::ffff:255.255.255.255")]
    [InlineData("2001:db8:0:1::/64", "2001:db8:0:1:2:3:4:5")]
    [InlineData("fe80::/64", "fe80::1%7")]
    [InlineData("unknown", null)]
    public void ToString_Client_ReadsAsAnOperatorWritesIt(string expected, string? address) =>
        Assert.Equal(expected, RateLimitClient.From(address is null ? null : IPAddress.Parse(address)).ToString());
}
