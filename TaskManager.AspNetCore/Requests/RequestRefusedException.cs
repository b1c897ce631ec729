using TaskManager.AspNetCore.Answers;

namespace TaskManager.AspNetCore.Requests;

/// <summary>Ends the handling of a bad request from however deep inside its reading; the guard around every endpoint turns it into the answer.</summary>
internal sealed class RequestRefusedException(Problem problem) : Exception
{
    public Problem Problem => problem;

    /// <exception cref="RequestRefusedException">Something is wrong; it names everything.</exception>
    public static void ThrowIfAny(ValidationFaults faults)
    {
        if (!faults.IsEmpty)
        {
            throw new RequestRefusedException(Problems.Invalid(faults.ByField()));
        }
    }
}
