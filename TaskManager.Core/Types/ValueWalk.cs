using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace TaskManager.Types;

/// <summary>The way through a value whose type may hold itself: a value that was given in process may go round in a circle, share its parts, or be nested without end.</summary>
internal sealed class ValueWalk
{
    /// <summary>Deep enough for any value that is no list in disguise, and shallow enough for the stack.</summary>
    public const int MaxDepth = 200;

    private readonly HashSet<(object Value, ParameterRules Rules)> _settled = new(new ByReference()); // what is being walked through, and what was found right
    private int _depth;

    public bool IsTooDeep => _depth == MaxDepth;

    /// <summary>Goes one level down; <see cref="Leave"/> must follow.</summary>
    /// <returns><see langword="false"/> when there is nothing to find: the walk is in the object already, by the same rules, or has found it right.</returns>
    public bool TryEnter(object value, ParameterRules rules)
    {
        if (value is not ValueType && !_settled.Add((value, rules)))
        {
            return false;
        }

        _depth++;
        return true;
    }

    public void Leave(object value, ParameterRules rules, bool isRight)
    {
        _depth--;
        if (!isRight)
        {
            _settled.Remove((value, rules)); // its faults have another path where it is met again
        }
    }

    private sealed class ByReference : IEqualityComparer<(object Value, ParameterRules Rules)>
    {
        public bool Equals((object Value, ParameterRules Rules) x, (object Value, ParameterRules Rules) y) => ReferenceEquals(x.Value, y.Value) && ReferenceEquals(x.Rules, y.Rules);

        public int GetHashCode([DisallowNull] (object Value, ParameterRules Rules) obj) => HashCode.Combine(RuntimeHelpers.GetHashCode(obj.Value), RuntimeHelpers.GetHashCode(obj.Rules));
    }
}
