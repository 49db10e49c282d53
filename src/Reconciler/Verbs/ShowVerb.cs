using System.Collections.Immutable;
using System.CommandLine;
using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Manifests.Loading;
using Reconciler.Manifests.Schemas;
using Reconciler.Operator.Schemas;
using Reconciler.Options;
using Reconciler.Providers;
using Reconciler.Reports;

namespace Reconciler.Verbs;

/// <summary><c>show</c>: what the program knows, printed.</summary>
internal static class ShowVerb
{
    public static Command Create(CliEnvironment environment)
    {
        var command = new Command("show", "Print schemas, resource definitions, and what each vendor can do");
        command.Subcommands.Add(Schema(environment));
        command.Subcommands.Add(Crds(environment));
        command.Subcommands.Add(Providers(environment));
        return command;
    }

    private static Command Providers(CliEnvironment environment)
    {
        var (vendors, noColour) = (new VendorOptions(), OutputOptions.NoColourOption());
        var command = new Command("providers", "Print what each vendor's API can do, and what stays manual");
        foreach (var option in vendors.All)
            command.Options.Add(option);
        command.Options.Add(noColour);
        command.SetAction(parsed =>
        {
            var palette = environment.Palette(parsed.GetValue(noColour));
            if (Read(environment, vendors, parsed, palette) is not { } known)
                return ExitCode.Problems;
            ProviderTable.Write(environment.Out, palette, known);
            return ExitCode.Done;
        });
        return command;
    }

    // The vendors of the program and of the definitions that are named; null, and told, where they have problems.
    private static ImmutableArray<Vendor>? Read(
        CliEnvironment environment,
        VendorOptions vendors,
        ParseResult parsed,
        Palette palette
    )
    {
        var problems = new Problems();
        var known = VendorFolder.Read(vendors.Read(parsed, environment.Folder), ManifestLoaders.Vendors, problems);
        ProblemReport.Write(environment.Error, palette, problems.Sorted, verbose: true);
        return problems.HasErrors ? null : [.. known];
    }

    private static Command Crds(CliEnvironment environment)
    {
        var describes = new Option<bool>("--vendor-definitions")
        {
            Description =
                "Also for VendorDefinitions, for an operator with --vendor-definitions; the server then leaves all "
                + "access words to the operator",
        };
        var command = new Command("crds", "Print the CustomResourceDefinitions of the operator, for kubectl apply");
        command.Options.Add(describes);
        command.SetAction(parsed =>
            environment.Out.Write(CrdFiles.Bundle([.. ManifestLoaders.Vendors], parsed.GetValue(describes)))
        );
        return command;
    }

    private static Command Schema(CliEnvironment environment)
    {
        var kind = new Argument<string?>("kind")
        {
            Description =
                "A kind of document, such as ProjectMembership; without it the schema of any document of manifests",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("schema", "Print the JSON Schema of manifests, for editors");
        var vendors = new VendorOptions();
        command.Arguments.Add(kind);
        foreach (var option in vendors.All)
            command.Options.Add(option);
        kind.Validators.Add(result =>
        {
            if (SchemaOf.Kind(result.GetValueOrDefault<string?>(), ProviderCatalog.Vendors, out var refusal) is null)
                result.AddError(refusal);
        });
        command.SetAction(parsed =>
        {
            if (Read(environment, vendors, parsed, environment.Palette(noColour: false)) is not { } known)
                return ExitCode.Problems;
            environment.Out.Write(SchemaOf.Kind(parsed.GetValue(kind), known, out _));
            return ExitCode.Done;
        });
        return command;
    }
}
