namespace Reconciler.Runs;

/// <summary>Asks a person before something is written.</summary>
internal static class Confirmation
{
    /// <summary>Asks, and says what follows from a no.</summary>
    /// <param name="environment">Where to ask.</param>
    /// <param name="verb">What is asked for, such as "apply".</param>
    /// <param name="done">The same as something done, such as "applied".</param>
    /// <param name="question">The question.</param>
    /// <param name="cancellation">Ends the waiting for an answer.</param>
    public static async Task<bool> AskAsync(
        CliEnvironment environment,
        string verb,
        string done,
        string question,
        CancellationToken cancellation
    )
    {
        if (!environment.CanAsk)
        {
            await environment.Error.WriteLineAsync(
                $"Nobody can be asked here, and nothing was {done}: pass --yes to {verb} without asking."
            );
            return false;
        }

        await environment.Out.WriteLineAsync();
        await environment.Out.WriteAsync($"{question} Only \"yes\" is accepted: ");
        await environment.Out.FlushAsync(cancellation);
        // A console's reader blocks and ignores the token: Ctrl-C must not wait for an answer.
        var answer = await Task.Run(environment.In.ReadLine, cancellation).WaitAsync(cancellation);
        if (answer?.Trim() == "yes")
            return true;
        await environment.Out.WriteLineAsync($"Nothing was {done}.");
        return false;
    }
}
