using System.Runtime.CompilerServices;
using TaskManager.AspNetCore.Answers;

namespace TaskManager.AspNetCore.Requests;

/// <summary>The members of one JSON object that were read. The few that objects mostly have are looked through, in place; only more cost a set.</summary>
internal struct MemberNames
{
    private const int Few = 8;

    private FewNames _few;
    private HashSet<string>? _many;
    private int _count;

    /// <summary>Notes a member.</summary>
    /// <exception cref="RequestRefusedException">It comes twice.</exception>
    public void AddOnce(string name)
    {
        if (Contains(name))
        {
            throw new RequestRefusedException(Problems.Malformed($"The member \"{ValidationFaults.Show(name)}\" comes twice."));
        }

        if (_count < Few)
        {
            _few[_count++] = name;
        }
        else
        {
            (_many ??= new(StringComparer.Ordinal)).Add(name);
        }
    }

    public readonly int Count => _count + (_many?.Count ?? 0);

    public readonly bool Contains(string name)
    {
        foreach (string? known in _few[.._count])
        {
            if (string.Equals(known, name, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return _many is not null && _many.Contains(name);
    }

    [InlineArray(Few)]
    private struct FewNames
    {
        private string? _first;
    }
}
