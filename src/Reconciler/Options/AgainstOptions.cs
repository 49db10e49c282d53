using System.CommandLine;
using System.Text.RegularExpressions;
using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;

namespace Reconciler.Options;

/// <summary>A project that a definition is tried against.</summary>
/// <param name="BaseUrl">The vendor's API, as somebody typed it; the token goes there and nowhere else.</param>
/// <param name="ProjectId">The vendor's id of the project.</param>
/// <param name="TokenVariable">The environment variable with the token.</param>
internal sealed record Trial(Uri BaseUrl, string ProjectId, string TokenVariable);

/// <summary>The options that try a definition against the vendor itself.</summary>
internal sealed partial class AgainstOptions
{
    public const string UsualVariable = "RECONCILER_TOKEN";

    private readonly Option<string?> _against = new("--against")
    {
        Description = "The base URL of the vendor's API: reads a project there, with GET alone, and prints it",
    };
    private readonly Option<string?> _project = new("--project")
    {
        Description = "The vendor's id of the project that --against reads",
    };
    private readonly Option<string> _tokenEnv = new("--token-env")
    {
        Description = "The environment variable with the token for --against",
        DefaultValueFactory = _ => UsualVariable,
    };

    public AgainstOptions()
    {
        _against.Validators.Add(result =>
        {
            if (OutputOptions.WordOf(result, _against) is not { } text)
                return;
            if (Address(text, out var problem) is null)
                result.AddError($"--against {problem}");
            if (result.GetResult(_project) is null)
                result.AddError("--against reads one project; expected --project with the vendor's id of it");
        });
        _project.Validators.Add(result =>
        {
            if (result.GetResult(_against) is null)
                result.AddError("--project is what --against reads; expected --against with the vendor's URL");
            // The definition says how many parts an id has. Here we check only that no part, such as .., leads to
            // another path.
            if (
                OutputOptions.WordOf(result, _project) is { } id
                && id.Split('/').Any(part => VendorId.Problem(part, uuid: false) is not null)
            )
                result.AddError(
                    $"--project is {ProblemText.Quote(id)}; expected the vendor's id of a project, "
                        + "without spaces, control characters and \\ % ? #; no part may be . or .."
                );
        });
        // What is no name of a variable may be a token that somebody pasted, so it is not shown.
        _tokenEnv.Validators.Add(result =>
        {
            if (OutputOptions.WordOf(result, _tokenEnv) is { } name && !VariableName().IsMatch(name))
                result.AddError("--token-env: expected the name of an environment variable, such as RECONCILER_TOKEN");
        });
    }

    public void AddTo(Command command)
    {
        command.Options.Add(_against);
        command.Options.Add(_project);
        command.Options.Add(_tokenEnv);
    }

    /// <summary>The project to read; null where none is asked for.</summary>
    public Trial? Read(ParseResult parsed) =>
        parsed.GetValue(_against) is { } url
            ? new(Address(url, out _)!, parsed.GetValue(_project)!, parsed.GetValue(_tokenEnv)!)
            : null;

    // A part before an @ or after a ? may be a password or a token, so it is not shown.
    private static Uri? Address(string text, out string problem)
    {
        problem = "";
        if (AccountUrl.Parse(text) is not { } url)
        {
            problem = "is no base URL; expected one that begins with https://, without user, query and fragment";
            return null;
        }

        if (url.Scheme == "http" && !url.IsLoopback)
        {
            problem = $"would send the token unencrypted to {url.Host}; expected https";
            return null;
        }

        if (AccountUrl.Problem(url) is { } odd)
        {
            problem = $"is {ProblemText.Quote(text)}, which {odd}";
            return null;
        }

        return AccountUrl.Normal(url);
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]{0,63}$", RegexOptions.NonBacktracking)]
    private static partial Regex VariableName();
}
