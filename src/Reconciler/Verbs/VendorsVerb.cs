using System.CommandLine;
using System.CommandLine.Completions;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Text;
using Reconciler.Manifests.Loading;
using Reconciler.Options;
using Reconciler.Reports;

namespace Reconciler.Verbs;

/// <summary><c>vendors</c>: checks, tries and shows vendors that definitions describe.</summary>
internal static class VendorsVerb
{
    public static Command Create(CliEnvironment environment)
    {
        var command = new Command("vendors", "Check, try and show vendors that are described in YAML");
        command.Subcommands.Add(Check(environment));
        command.Subcommands.Add(Show(environment));
        return command;
    }

    private static Command Check(CliEnvironment environment)
    {
        var files = new Argument<string[]>("files")
        {
            Description = "Files and folders with VendorDefinitions",
            Arity = ArgumentArity.OneOrMore,
        };
        var replaced = VendorOptions.OverrideOption();
        var (against, output) = (new AgainstOptions(), new OutputOptions(OutputFormat.Text, OutputFormat.GitHub));
        var command = new Command(
            "check",
            "Check VendorDefinitions offline: every problem at once, and what each definition does; "
                + "with --against also read a project"
        );
        command.Arguments.Add(files);
        command.Options.Add(replaced);
        against.AddTo(command);
        output.AddWithLogTo(command);
        command.SetAction(
            (parsed, cancellation) =>
            {
                var request = new ManifestRequest([])
                {
                    Folder = environment.Folder,
                    OverriddenVendors = parsed.GetValue(replaced) ?? [],
                };
                var check = new VendorsCheck(
                    output.Of(environment, parsed),
                    environment.Palette(output.NoColour(parsed))
                )
                {
                    IsGitHub = output.Format(parsed) == OutputFormat.GitHub,
                    Verbose = output.Verbose(parsed),
                };
                return check.RunAsync(request, parsed.GetValue(files)!, against.Read(parsed), cancellation);
            }
        );
        return command;
    }

    private static Command Show(CliEnvironment environment)
    {
        var name = new Argument<string?>("name")
        {
            Description = "A vendor's name in manifests, to print all of it; without it every vendor is listed",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var (vendors, noColour) = (new VendorOptions(), OutputOptions.NoColourOption());
        name.CompletionSources.Add(at =>
            at is TextCompletionContext ? Read(vendors.Read(at.ParseResult, environment.Folder), new()).Names : []
        );
        var command = new Command("show", "List the vendors that manifests may name, or print one of them");
        command.Arguments.Add(name);
        foreach (var option in vendors.All)
            command.Options.Add(option);
        command.Options.Add(noColour);
        command.SetAction(parsed =>
        {
            var palette = environment.Palette(parsed.GetValue(noColour));
            var problems = new Problems();
            var known = Read(vendors.Read(parsed, environment.Folder), problems);
            ProblemReport.Write(environment.Error, palette, problems.Sorted, verbose: true);
            return problems.HasErrors ? ExitCode.Problems : known.Print(environment, palette, parsed.GetValue(name));
        });
        return command;
    }

    private static KnownVendors Read(ManifestRequest request, Problems problems) =>
        new([
            .. VendorFolder
                .Known(request, ManifestLoaders.Vendors, problems)
                .Select(k => (k.Vendor, k.Origin))
                .OrderBy(k => k.Vendor.Type, StringComparer.Ordinal),
        ]);

    /// <summary>The vendors that manifests may name, each with where it comes from.</summary>
    private sealed record KnownVendors(IReadOnlyList<(Vendor Vendor, string Origin)> All)
    {
        public IEnumerable<string> Names => All.Select(v => v.Vendor.Type);

        public int Print(CliEnvironment environment, Palette palette, string? name)
        {
            if (name is null)
            {
                VendorList.Write(environment.Out, palette, All);
                return ExitCode.Done;
            }

            if (All.FirstOrDefault(v => v.Vendor.Type == name) is { Vendor: { } vendor } found)
            {
                new VendorSummary(environment.Out, palette).Write(vendor, found.Origin);
                return ExitCode.Done;
            }

            var message =
                $"{ProblemText.Quote(name)} is no vendor that the program or a definition of --vendors has; "
                + $"expected one of {string.Join(", ", Names)}{ProblemText.DidYouMean(name, Names)}";
            ProblemReport.WriteError(environment.Error, palette, message);
            return ExitCode.Failed;
        }
    }
}
