using System.CommandLine;
using System.Globalization;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Reports;

namespace Reconciler.Hosts.Verbs;

/// <summary><c>validate</c>: checks manifests without asking a vendor.</summary>
internal static class ValidateVerb
{
    public static Command Create(CliEnvironment environment)
    {
        var manifests = new ManifestOptions();
        var output = new OutputOptions("text");
        var command = new Command("validate", "Check manifests offline: every problem at once, with file, line and column");
        manifests.AddTo(command);
        output.AddTo(command);
        command.SetAction(parsed => Run(manifests.Read(parsed, environment.Folder), environment, output.Verbose(parsed), environment.Palette(output.NoColour(parsed))));
        return command;
    }

    private static int Run(ManifestRequest request, CliEnvironment environment, bool verbose, Palette palette)
    {
        var workspace = Workspace.Load(request, environment.Clock);
        ProblemReport.Write(environment.Out, palette, workspace.Problems, verbose);
        if (workspace.Problems.HasErrors) return ExitCode.Problems;
        environment.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{palette.Good("Valid:")} {Counts(workspace)}."));
        return ExitCode.Done;
    }

    private static string Counts(Workspace workspace)
    {
        var manifests = workspace.Manifests;
        var people = workspace.Projects.SelectMany(p => p.Members).Select(m => m.Person.Key).Distinct(StringComparer.Ordinal).Count();
        var skipped = manifests.Skipped == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; {manifests.Skipped} documents of other kinds skipped");
        return string.Create(CultureInfo.InvariantCulture, $"{manifests.Count} documents, {manifests.All<ProjectMembership>().Count} projects, {people} people{skipped}");
    }
}
