using System.Buffers.Binary;
using System.Net;

namespace TaskManager.Tests.Core;

internal static class LimiterSteps
{
    public static RateLimitClient Client(int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return RateLimitClient.From(new IPAddress(bytes));
    }

    public static void Spend(SlidingWindowLimiter limiter, RateLimitClient client, int times)
    {
        for (int i = 0; i < times; i++)
        {
            Assert.True(limiter.Acquire(client).IsAllowed);
        }
    }
}
