using System.CommandLine;
using Reconciler.Hosts.Verbs;
using Reconciler.Reports;

namespace Reconciler.Hosts;

/// <summary>The command line: its verbs, and what happens where none of them foresaw it.</summary>
internal static class Cli
{
    // A request in flight is finished before the process ends; it takes 15 s at most.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(25);

    /// <summary>Runs one command line.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, CliEnvironment environment, CancellationToken cancellation = default)
    {
        var parsed = Root(environment).Parse(args);
        try
        {
            var configuration = new InvocationConfiguration
            {
                Output = environment.Out,
                Error = environment.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = Grace,
            };
            return await parsed.InvokeAsync(configuration, cancellation);
        }
        catch (OperationCanceledException)
        {
            await environment.Error.WriteLineAsync("Interrupted before anything was written.");
            return ExitCode.Interrupted;
        }
        catch (Exception unexpected) when (unexpected is not OutOfMemoryException)
        {
            await environment.Error.WriteLineAsync($"error: {TerminalText.Escape(unexpected.Message)} ({unexpected.GetType().Name})");
            await environment.Error.WriteLineAsync("This was not foreseen; please report it with the command and its output.");
            return ExitCode.Failed;
        }
    }

    private static RootCommand Root(CliEnvironment environment)
    {
        var root = new RootCommand("Keeps the people of SaaS projects as git says: reads manifests, compares them with the vendors' live state, and converges.");
        foreach (var verb in new[]
        {
            ValidateVerb.Create(environment), PlanVerb.Create(environment), ApplyVerb.Create(environment),
            ImportVerb.Create(environment), OffboardVerb.Create(environment), InvitationsVerb.Create(environment), ShowVerb.Create(environment), SandboxVerb.Create(environment), DemoVerb.Create(environment),
        })
        {
            root.Subcommands.Add(verb);
        }

        return root;
    }
}
