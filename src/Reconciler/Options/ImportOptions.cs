using System.CommandLine;
using Reconciler.Importing;
using Reconciler.Manifests.Loading;

namespace Reconciler.Options;

/// <summary>The options of <c>import</c> besides those of manifests and output.</summary>
internal sealed class ImportOptions
{
    private readonly Option<string?> _provider = new("--provider")
    {
        Description = "The AccessProvider whose projects are imported; needed where there are several",
    };
    private readonly Option<string[]> _project = new("--project")
    {
        Description = "The vendor's id of a project to import",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private readonly Option<string[]> _name = new("--name")
    {
        Description =
            "ID=NAME: the name of a project's document (default: made from the vendor's name); NAME alone with "
            + "one --project",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private readonly Option<bool> _all = new("--all")
    {
        Description = "Import every project that the token sees and no manifest declares",
    };
    private readonly Option<string?> _folder = new("--out")
    {
        Description = "The folder to write into (default: the first path)",
    };
    private readonly Option<bool> _force = new("--force")
    {
        Description = "Replace files that are there and were not read as manifests",
    };
    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Show what would be written, and write nothing",
    };

    public void AddTo(Command command, ManifestOptions manifests, CliEnvironment environment)
    {
        manifests.OfferProviders(_provider, environment);
        foreach (var option in new Option[] { _provider, _project, _name, _all, _folder, _force, _dryRun })
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            var named = result.GetValue(_project) is { Length: > 0 };
            if (named == result.GetValue(_all))
                result.AddError("expected either --project ID, once for each project, or --all");
            var projects = result.GetValue(_project)?.Length ?? 0;
            foreach (var problem in (result.GetValue(_name) ?? []).Select(n => ChosenNames.Problem(n, projects)))
            {
                if (problem is not null)
                    result.AddError(problem);
            }
        });
    }

    // The first import has nothing to read but connections.
    public ImportRequest Read(ParseResult parsed, ManifestRequest manifests) =>
        new(manifests with { AllowsEmpty = manifests.AllowsEmpty || manifests.Connections is not null })
        {
            Provider = parsed.GetValue(_provider),
            Projects = parsed.GetValue(_project) ?? [],
            Names = parsed.GetValue(_name) ?? [],
            All = parsed.GetValue(_all),
            Out = parsed.GetValue(_folder),
            Force = parsed.GetValue(_force),
            DryRun = parsed.GetValue(_dryRun),
        };
}
