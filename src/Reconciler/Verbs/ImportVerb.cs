using System.CommandLine;
using Reconciler.Core.Importing;
using Reconciler.Core.Ports;
using Reconciler.Importing;
using Reconciler.Manifests.Writing;
using Reconciler.Options;
using Reconciler.Providers;
using Reconciler.Reports;
using Reconciler.Runs;

namespace Reconciler.Verbs;

/// <summary>
/// <c>import</c>: writes manifests that declare what is live. It makes no writer, so that no vendor is written to.
/// </summary>
internal static class ImportVerb
{
    public static Command Create(CliEnvironment environment)
    {
        var (manifests, output) = (new ManifestOptions(), new OutputOptions("text"));
        var options = new ImportOptions();
        var command = new Command(
            "import",
            "Write manifests that declare the people who are in the vendor's projects now"
        );
        manifests.AddTo(command);
        options.AddTo(command, manifests, environment);
        output.AddWithLogTo(command);
        output.AddMaskTo(
            command,
            "Hide addresses in what is printed; the files that are written hold them all the same"
        );
        command.SetAction(
            (parsed, cancellation) =>
            {
                var request = options.Read(parsed, manifests.Read(parsed, environment.Folder));
                return RunAsync(
                    output.Of(environment, parsed),
                    request,
                    environment.Palette(output.NoColour(parsed)),
                    output.Verbose(parsed),
                    cancellation
                );
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(
        CliEnvironment environment,
        ImportRequest request,
        Palette palette,
        bool verbose,
        CancellationToken cancellation
    )
    {
        var planning = new PlanSession(environment, request.Manifests, "text", palette, verbose);
        if (planning.Load() is not { } resolved)
            return ExitCode.Problems;
        if (request.Choose(resolved, out var refusal) is not { } provider)
            return Fail(environment, palette, refusal);
        using var connections = planning.Connect();
        try
        {
            var result = await new ImportRun(request, resolved, provider, environment.Clock)
            {
                OnReading = count => PlanSession.Reading(environment, count),
            }.DraftAsync(connections.Of(provider), cancellation);
            return Finish(Hiding(environment, result), request, result, palette, verbose);
        }
        catch (ProviderException failure)
        {
            return Fail(environment, palette, $"{provider.Name}: {failure.Message}");
        }
    }

    // Only printed text hides addresses, since the manifests that are written need the real ones.
    private static CliEnvironment Hiding(CliEnvironment environment, ImportResult result)
    {
        if (environment.Mask is not { } mask)
            return environment;
        mask.Learn(result.Addresses);
        foreach (var project in result.Draft.Projects.Where(p => p.Place.Name is not null))
            mask.LearnName(project.Name, project.Place.Name!);
        return environment with { Out = new FilteredWriter(environment.Out, mask.Text) };
    }

    private static int Finish(
        CliEnvironment environment,
        ImportRequest request,
        ImportResult result,
        Palette palette,
        bool verbose
    )
    {
        var report = new ImportReport(environment.Out, palette, verbose);
        report.Skipped(result.Declared);
        report.Failed(result.Failures);
        if (result.Problems is { } problems)
        {
            ProblemReport.Write(environment.Error, palette, problems.Sorted, verbose);
            Fail(
                environment,
                palette,
                "what import would write is refused by the manifests' own rules, so nothing was written"
            );
            return ExitCode.Problems;
        }

        if (result.Files.IsEmpty)
        {
            if (result.Failures.IsEmpty)
                report.Nothing();
            return result.Failures.IsEmpty ? ExitCode.Done : ExitCode.Failed;
        }

        report.Drafted(result.Draft, result.Changes);
        return Write(environment, request, result, report, palette);
    }

    private static int Write(
        CliEnvironment environment,
        ImportRequest request,
        ImportResult result,
        ImportReport report,
        Palette palette
    )
    {
        var folder = new OutputFolder(Path.GetFullPath(request.Folder, Path.GetFullPath(environment.Folder)));
        var there = result.Files.Where(f => File.Exists(folder.At(f.Path))).ToHashSet();
        if (request.DryRun)
        {
            report.Files("would replace", Paths(there));
            report.Files("would write", Paths(result.Files.Where(f => !there.Contains(f))));
            return CodeOf(result);
        }

        if (there.Count > 0 && !request.Force)
        {
            report.Files("is there already:", Paths(there));
            return Fail(
                environment,
                palette,
                "nothing was written: pass --force to replace what is there already, or another folder with --out"
            );
        }

        try
        {
            folder.Write(result.Files, request.Force);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return Fail(environment, palette, $"cannot write: {refused.Message}");
        }

        report.Files("wrote", Paths(result.Files));
        report.Next(CommandText.Of(request.Manifests with { Paths = [.. request.PathsAfterwards] }, "plan"));
        return CodeOf(result);

        IEnumerable<string> Paths(IEnumerable<ManifestFile> files) =>
            files.Select(f => Path.Combine(request.Folder, f.Path)).Order(StringComparer.Ordinal);
    }

    private static int CodeOf(ImportResult result) => result.Failures.IsEmpty ? ExitCode.Done : ExitCode.Partly;

    private static int Fail(CliEnvironment environment, Palette palette, string message)
    {
        ProblemReport.WriteError(environment.Error, palette, message);
        return ExitCode.Failed;
    }
}
