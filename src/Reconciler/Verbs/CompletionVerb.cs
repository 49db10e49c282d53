using System.CommandLine;
using Reconciler.Reports;

namespace Reconciler.Verbs;

/// <summary>
/// <c>completion</c>: prints a script by which a shell completes the command line. The script asks the program itself.
/// </summary>
internal static class CompletionVerb
{
    public static Command Create(CliEnvironment environment)
    {
        var shell = new Argument<string>("shell")
        {
            Description = $"The shell: {string.Join(", ", CompletionScripts.Shells)}",
        };
        shell.AcceptOnlyFromAmong([.. CompletionScripts.Shells]);
        var command = new Command("completion", "Print a script that completes verbs and options in a shell");
        command.Arguments.Add(shell);
        command.SetAction(parsed => environment.Out.Write(CompletionScripts.Of(parsed.GetValue(shell)!)));
        return command;
    }
}
