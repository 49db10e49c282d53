using System.CommandLine;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Text;
using Reconciler.Manifests.Loading;
using Reconciler.Options;
using Reconciler.Reports;
using Reconciler.Reports.Masking;

namespace Reconciler.Verbs;

/// <summary><c>validate</c>: checks manifests without asking a vendor.</summary>
internal static class ValidateVerb
{
    public static Command Create(CliEnvironment environment)
    {
        var manifests = new ManifestOptions();
        var output = new OutputOptions(OutputFormat.Text, OutputFormat.Json, OutputFormat.GitHub);
        var command = new Command(
            "validate",
            "Check manifests offline: every problem at once, with file, line and column"
        );
        manifests.AddTo(command);
        output.AddWithListsTo(command);
        output.AddMaskTo(command);
        command.SetAction(parsed =>
        {
            var resolved = environment.Loader.Load(manifests.Read(parsed, environment.Folder));
            Write(
                output.Of(environment, parsed),
                resolved,
                output.Format(parsed),
                environment.Palette(output.NoColour(parsed)),
                output.Verbose(parsed)
            );
            return resolved.Problems.HasErrors ? ExitCode.Problems : ExitCode.Done;
        });
        return command;
    }

    private static void Write(
        CliEnvironment environment,
        ResolvedManifests resolved,
        string format,
        Palette palette,
        bool verbose
    )
    {
        var problems = resolved.Problems.Masked(environment.Mask);
        if (format == OutputFormat.Json)
        {
            environment.Out.WriteLine(Document(resolved, problems).ToJson());
            return;
        }

        if (format == OutputFormat.Text)
            ProblemReport.Write(environment.Out, palette, problems, verbose);
        else
            ProblemReport.WriteCommands(environment.Out, problems);
        if (!resolved.Problems.HasErrors)
            environment.Out.WriteLine($"{palette.Good("Valid:")} {Counts(resolved)}.");
    }

    private static ProblemDocument Document(ResolvedManifests resolved, IReadOnlyList<Problem> problems) =>
        ProblemDocument.Of(
            problems,
            resolved.Manifests.Count,
            resolved.Manifests.All<ProjectMembership>().Count,
            People(resolved),
            Memberships(resolved),
            resolved.Manifests.Skipped
        );

    private static string Counts(ResolvedManifests resolved)
    {
        var manifests = resolved.Manifests;
        var skipped =
            manifests.Skipped == 0
                ? ""
                : $"; {TextNames.Count(manifests.Skipped, "document", "documents")} of other kinds skipped";
        var memberships =
            Memberships(resolved) == People(resolved)
                ? ""
                : $", {TextNames.Count(Memberships(resolved), "membership", "memberships")}";
        return $"{TextNames.Count(manifests.Count, "document", "documents")}, "
            + $"{PlanSentences.Projects(manifests.All<ProjectMembership>().Count)}, "
            + $"{TextNames.Count(People(resolved), "person", "people")}{memberships}{skipped}";
    }

    private static int Memberships(ResolvedManifests resolved) => resolved.Projects.Sum(p => p.Members.Length);

    private static int People(ResolvedManifests resolved) =>
        resolved.Projects.SelectMany(p => p.Members).Select(m => m.Person.Key).Distinct(StringComparer.Ordinal).Count();
}
