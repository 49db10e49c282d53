using System.CommandLine;
using Reconciler.Core.Ports;
using Reconciler.Core.Text;
using Reconciler.Help;
using Reconciler.Options;
using Reconciler.Verbs;

namespace Reconciler;

/// <summary>The command line: its verbs, and what happens where none of them foresaw it.</summary>
public static class Cli
{
    // A request in flight is finished before the process ends; it takes 15 s at most.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(29);

    /// <summary>Runs one command line.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        string[] args,
        CliEnvironment environment,
        CancellationToken cancellation = default
    )
    {
        var watched = environment.Watched();
        var parsed = Root(environment).Parse(args, UsageCheck.Parser);
        if (UsageCheck.Problems(parsed, args) is { IsEmpty: false } problems)
        {
            var usage = OutputOptions.NamesMask(args) ? watched.Masked() : watched;
            UsageCheck.Write(usage.Error, problems);
            return ExitCode.Usage;
        }

        if (OutputOptions.MasksAddresses(parsed))
            watched = watched.Masked();
        var code = await InvokeAsync(Root(watched).Parse(args, UsageCheck.Parser), watched, cancellation);
        if (watched.OutputFailure is not { } failure)
            return code;
        await watched.Error.WriteLineAsync(
            $"error: the output cannot be written: {TerminalText.Escape(failure.Message)}"
        );
        return code == ExitCode.Interrupted ? code : ExitCode.Strongest(code, ExitCode.Failed);
    }

    /// <summary>The verbs with their options.</summary>
    public static RootCommand Root(CliEnvironment environment)
    {
        var root = new RootCommand(
            "Manages who has access to your SaaS projects from YAML in git: reads manifests, compares them with "
                + "the vendors' live state, shows a plan, and applies it."
        );
        foreach (
            var verb in new[]
            {
                ValidateVerb.Create(environment),
                PlanVerb.Create(environment),
                ApplyVerb.Create(environment),
                ReportVerb.Create(environment),
                ExplainVerb.Create(environment),
                ReviewVerb.Create(environment),
                ImportVerb.Create(environment),
                OffboardVerb.Create(environment),
                InvitationsVerb.Create(environment),
                StateVerb.Create(environment),
                WorkerVerb.Create(environment),
                OperatorVerb.Create(environment),
                HealthVerb.Create(environment),
                ShowVerb.Create(environment),
                VendorsVerb.Create(environment),
                SandboxVerb.Create(environment),
                DemoVerb.Create(environment),
                CompletionVerb.Create(environment),
            }
        )
        {
            root.Subcommands.Add(verb);
        }

        HelpPage.AddTo(root);
        return root;
    }

    private static async Task<int> InvokeAsync(
        ParseResult parsed,
        CliEnvironment environment,
        CancellationToken cancellation
    )
    {
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
        catch (LedgerException unusable)
        {
            await environment.Error.WriteLineAsync($"error: {TerminalText.Escape(unusable.Message)}");
            return ExitCode.Failed;
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            await environment.Error.WriteLineAsync($"error: {TerminalText.Escape(unusable.Message)}");
            return ExitCode.Failed;
        }
        catch (Exception unexpected) when (unexpected is not OutOfMemoryException)
        {
            await environment.Error.WriteLineAsync(
                $"error: {TerminalText.Escape(unexpected.Message)} ({unexpected.GetType().Name})"
            );
            await environment.Error.WriteLineAsync(
                "This was not foreseen; please report it with the command and its output."
            );
            return ExitCode.Failed;
        }
    }
}
