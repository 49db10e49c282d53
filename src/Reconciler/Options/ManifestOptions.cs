using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using Reconciler.Completing;
using Reconciler.Manifests.Loading;

namespace Reconciler.Options;

/// <summary>The options of every verb that reads manifests.</summary>
internal sealed class ManifestOptions
{
    private const string Unlimited = "none";

    private readonly Argument<string[]> _paths = new("paths")
    {
        Description = "Files and folders with manifests (default: the current folder)",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private readonly Option<string[]> _exclude = Many(
        "--exclude",
        "A pattern of files and folders to leave out, as in .gitignore"
    );
    private readonly Option<string[]> _provider = Many("--provider", "Only the projects of this AccessProvider");
    private readonly Option<string[]> _project = Many(
        "--project",
        "Only this ProjectMembership, by name or by the vendor's id"
    );
    private readonly Option<string[]> _allowHost = Many(
        "--allow-host",
        "A host that tokens may go to, besides the vendors' published ones"
    );
    private readonly Option<string[]> _baseUrl = Many(
        "--base-url",
        "NAME=URL: the base URL of the AccessProvider NAME, instead of its manifest's"
    );
    private readonly Option<string[]> _allowEnv = Many(
        "--allow-env",
        "An environment variable that manifests may name, besides RECONCILER_*"
    );
    private readonly Option<string?> _secretsDir = new("--secrets-dir")
    {
        Description = "The folder below which manifests may name files with tokens",
    };
    private readonly Option<string?> _guardrails = new("--guardrails")
    {
        Description = "A file or folder with Guardrails of the runner, which no manifest can relax",
    };
    private readonly Option<string?> _approvals = new("--approvals")
    {
        Description = "A file or folder with Approvals of the runner, each of which releases one hold, once",
    };
    private readonly Option<string?> _connections = new("--connections")
    {
        Description = "A file or folder with the only AccessProviders; among the manifests they are refused then",
    };
    private readonly VendorOptions _vendors = new();
    private readonly Option<string?> _maxRemovals = new("--max-removals")
    {
        Description =
            "The most removals per hour and account, which no manifest can relax; none lifts the built-in limits",
    };

    private readonly Option<bool> _allowEmpty = new("--allow-empty")
    {
        Description = "Accept a path without a manifest; nothing counts as deleted from it",
    };

    public ManifestOptions()
    {
        _baseUrl.Validators.Add(result =>
        {
            foreach (var text in result.GetValueOrDefault<string[]>() ?? [])
            {
                if (!IsPair(text))
                    result.AddError(
                        $"--base-url {text}: expected NAME=URL, such as "
                            + "clarifeye-eu=http://127.0.0.1:8080/clarifeye-eu/api/v1"
                    );
            }
        });
        _maxRemovals.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string?>();
            if (text is not null && text != Unlimited && !TryCount(text, out _))
                result.AddError($"--max-removals {text}: expected a whole number or none");
        });
    }

    public void AddTo(Command command) => Add(command, [_guardrails, _approvals, _maxRemovals]);

    /// <summary>The options of a verb that plans nothing: without limits and what releases them.</summary>
    public void AddWithoutLimitsTo(Command command) => Add(command, []);

    private void Add(Command command, Option[] limits)
    {
        command.Arguments.Add(_paths);
        Option[] options =
        [
            _exclude,
            _allowHost,
            _baseUrl,
            _allowEnv,
            _secretsDir,
            _connections,
            .. _vendors.All,
            .. limits,
            _allowEmpty,
        ];
        foreach (var option in options)
            command.Options.Add(option);
    }

    /// <summary>The options that choose projects, with the names that a shell offers.</summary>
    public void AddFiltersTo(Command command, CliEnvironment environment)
    {
        OfferProviders(_provider, environment);
        _project.CompletionSources.Add(at => Known(environment, at).Projects());
        command.Options.Add(_provider);
        command.Options.Add(_project);
    }

    /// <summary>Lets a shell offer the names of the AccessProviders for an option.</summary>
    public void OfferProviders(Option option, CliEnvironment environment) =>
        option.CompletionSources.Add(at => Known(environment, at).Providers());

    /// <summary>The names and addresses in the manifests of an unfinished command line.</summary>
    /// <remarks>Without a line to complete there are none: the check of a command line asks for fixed words.</remarks>
    public KnownWords Known(CliEnvironment environment, CompletionContext at) =>
        at is TextCompletionContext
            ? KnownWords.In(environment, () => Read(at.ParseResult, environment.Folder))
            : KnownWords.None;

    public ManifestRequest Read(ParseResult parsed, string folder)
    {
        var paths = parsed.GetValue(_paths) ?? [];
        var maxRemovals = parsed.GetValue(_maxRemovals);
        return new(paths.Length == 0 ? ["."] : paths)
        {
            Folder = folder,
            Exclude = parsed.GetValue(_exclude) ?? [],
            Providers = parsed.GetValue(_provider) ?? [],
            Projects = parsed.GetValue(_project) ?? [],
            AllowedHosts = parsed.GetValue(_allowHost) ?? [],
            BaseUrls = parsed.GetValue(_baseUrl) ?? [],
            AllowedVariables = parsed.GetValue(_allowEnv) ?? [],
            SecretsFolder = parsed.GetValue(_secretsDir) is { } secrets
                ? Path.GetFullPath(secrets, Path.GetFullPath(folder))
                : null,
            Connections = parsed.GetValue(_connections),
            Vendors = _vendors.Folder(parsed),
            OverriddenVendors = _vendors.Overridden(parsed),
            Guardrails = parsed.GetValue(_guardrails),
            Approvals = parsed.GetValue(_approvals),
            MaxRemovals = TryCount(maxRemovals, out var count) ? count : null,
            LiftsBuiltInLimits = maxRemovals == Unlimited,
            AllowsEmpty = parsed.GetValue(_allowEmpty),
        };
    }

    /// <summary>Whether a text is a name, a sign of equality and a value.</summary>
    public static bool IsPair(string text) =>
        text.Split('=', 2) is [var name, var value]
        && !string.IsNullOrWhiteSpace(name)
        && !string.IsNullOrWhiteSpace(value);

    private static bool TryCount(string? text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count);

    private static Option<string[]> Many(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.ZeroOrMore };
}
