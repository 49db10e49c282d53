namespace Reconciler.State;

/// <summary>
/// Cuts from a message about a state file how it is brought back: the commands are for whoever runs the program, and
/// stand in its log.
/// </summary>
public static class StateAdvice
{
    private static readonly string[] Beginnings = ["; what it held", "; put it", "; nothing is written at any vendor"];

    /// <summary>Returns a message without the advice; a message about something else is returned as it is.</summary>
    /// <param name="message">The message.</param>
    public static string Cut(string message)
    {
        var end = message.Length;
        foreach (var beginning in Beginnings)
        {
            if (message.IndexOf(beginning, StringComparison.Ordinal) is >= 0 and var at && at < end)
                end = at;
        }

        return message[..end];
    }
}
