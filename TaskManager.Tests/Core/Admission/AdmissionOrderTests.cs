using TaskManager.Admission;

namespace TaskManager.Tests.Core.Admission;

public sealed class AdmissionOrderTests
{
    [Fact]
    public void MoveToEnd_RandomMovesBetweenTwoOrders_AgreesWithLists()
    {
        Random random = new(1);
        ClientWindow[] windows = [.. Enumerable.Range(0, 6).Select(_ => new ClientWindow(default))];
        AdmissionOrder[] orders = [new(), new()];
        List<ClientWindow>[] expected = [[], []];
        for (int i = 0; i < 10_000; i++)
        {
            ClientWindow window = windows[random.Next(windows.Length)];
            int to = random.Next(3);
            expected[0].Remove(window);
            expected[1].Remove(window);
            if (to < 2)
            {
                orders[to].MoveToEnd(window);
                expected[to].Add(window);
            }
            else
            {
                window.Order?.Remove(window);
            }

            Assert.Equal(expected[0], Walk(orders[0]));
            Assert.Equal(expected[1], Walk(orders[1]));
            Assert.Equal(expected[0].Count, orders[0].Count);
            Assert.Equal(expected[1].Count, orders[1].Count);
        }
    }

    private static IEnumerable<ClientWindow> Walk(AdmissionOrder order)
    {
        for (ClientWindow? window = order.First; window is not null; window = window.Next)
        {
            yield return window;
        }
    }
}
