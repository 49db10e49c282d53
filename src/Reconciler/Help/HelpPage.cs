using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Reconciler.Help;

/// <summary>
/// <c>--help</c>: what the library prints, examples of the verb, and for the program as a whole what its exit codes
/// mean.
/// </summary>
internal static class HelpPage
{
    /// <summary>Puts examples and exit codes below the help of a command and those under it.</summary>
    public static void AddTo(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new WithExamples((SynchronousCommandLineAction)help.Action!);
    }

    private sealed class WithExamples(SynchronousCommandLineAction help) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var code = help.Invoke(parseResult);
            var command = parseResult.CommandResult.Command;
            var output = parseResult.InvocationConfiguration.Output;
            var examples = HelpExamples.Of(CommandParts.PathOf(command));
            if (!examples.IsEmpty)
                output.WriteLine("Examples:");
            foreach (var (line, what) in examples)
                output.WriteLine($"  # {what}\n  {line}");
            if (!examples.IsEmpty)
                output.WriteLine();
            if (command is RootCommand)
                WriteExitCodes(output);
            return code;
        }

        private static void WriteExitCodes(TextWriter output)
        {
            output.WriteLine($"Exit codes (where several fit: {ExitCode.PrecedenceText}):");
            foreach (var (code, meaning) in ExitCode.Meanings)
                output.WriteLine($"  {code, 3}  {meaning}");
            output.WriteLine();
        }
    }
}
