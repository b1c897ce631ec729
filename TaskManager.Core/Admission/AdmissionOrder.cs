namespace TaskManager.Admission;

/// <summary>Clients in the order of their latest admission, so that one look at the first says whether any of them is idle.</summary>
/// <remarks>A linked list through the windows themselves. Not safe for several threads: its owner's gate guards it.</remarks>
internal sealed class AdmissionOrder
{
    private ClientWindow? _last;

    public int Count { get; private set; }

    /// <summary>Gets the client that has gone without an admission for longest; <see langword="null"/> when there is none.</summary>
    public ClientWindow? First { get; private set; }

    /// <summary>Puts a client that was just admitted at the end, from wherever it stood, even in another order.</summary>
    public void MoveToEnd(ClientWindow window)
    {
        window.Order?.Remove(window);
        window.Order = this;
        window.Previous = _last;
        if (_last is null)
        {
            First = window;
        }
        else
        {
            _last.Next = window;
        }

        _last = window;
        Count++;
    }

    /// <summary>Takes out a client of this order.</summary>
    public void Remove(ClientWindow window)
    {
        if (window.Previous is null)
        {
            First = window.Next;
        }
        else
        {
            window.Previous.Next = window.Next;
        }

        if (window.Next is null)
        {
            _last = window.Previous;
        }
        else
        {
            window.Next.Previous = window.Previous;
        }

        window.Order = null;
        window.Previous = null;
        window.Next = null;
        Count--;
    }
}
