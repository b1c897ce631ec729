using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Numerics;

namespace TaskManager.Api.Samples;

/// <summary>Computes a Fibonacci number, with all its digits.</summary>
internal sealed record Fibonacci(
    [property: Range(0, 10_000)] int N,
    [property: Range(0, SampleWork.MaxSeconds)] double ProcessingTime = 0) : ITaskParameters<FibonacciResult>
{
    public static async Task<FibonacciResult> HandleAsync(Fibonacci task, TaskContext context)
    {
        await SampleWork.SpendAsync(context, task.ProcessingTime, "computing");
        return new FibonacciResult(Compute(task.N).ToString(CultureInfo.InvariantCulture));
    }

    private static BigInteger Compute(int n)
    {
        (BigInteger number, BigInteger next) = (BigInteger.Zero, BigInteger.One);
        for (int i = 0; i < n; i++)
        {
            (number, next) = (next, number + next);
        }

        return number;
    }
}

/// <param name="Value">The number, as a string: most readers of JSON would round it.</param>
internal sealed record FibonacciResult(string Value);
