namespace TaskManager.Types;

/// <summary>The way through a value whose type may hold itself: a value that was given in process may go round in a circle, share its parts, or be nested without end.</summary>
internal sealed class ValueWalk
{
    /// <summary>Deep enough for any value that is no list in disguise, and shallow enough for the stack.</summary>
    public const int MaxDepth = 200;

    private readonly HashSet<object> _settled = new(ReferenceEqualityComparer.Instance); // those that are being walked through, and those in which nothing was wrong
    private int _depth;

    public bool IsTooDeep => _depth == MaxDepth;

    /// <summary>Goes one level down; <see cref="Leave"/> must follow.</summary>
    /// <returns><see langword="false"/> when there is nothing to find: the walk is in the object already, or has found it right.</returns>
    public bool TryEnter(object value)
    {
        if (value is not ValueType && !_settled.Add(value))
        {
            return false;
        }

        _depth++;
        return true;
    }

    public void Leave(object value, bool isRight)
    {
        _depth--;
        if (!isRight)
        {
            _settled.Remove(value); // its faults have another path where it is met again
        }
    }
}
