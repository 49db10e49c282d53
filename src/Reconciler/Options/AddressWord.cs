using System.CommandLine;
using System.CommandLine.Parsing;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Offboarding;
using Reconciler.Manifests.Loading;
using Reconciler.Reports;

namespace Reconciler.Options;

/// <summary>An existing person's address or login, as a word of a command line.</summary>
internal static class AddressWord
{
    /// <summary>The argument of a verb that is about one person whom no manifest need name.</summary>
    public static Argument<string> Argument()
    {
        var person = new Argument<string>("person")
        {
            Description = "The person's address, or a login as PLACE:LOGIN, such as github:octocat",
        };
        person.Validators.Add(Check);
        return person;
    }

    /// <summary>The argument of a verb that is about one person.</summary>
    /// <param name="environment">What reads the manifests.</param>
    /// <param name="manifests">Tells which manifests name people whom a shell may offer.</param>
    public static Argument<string> Argument(CliEnvironment environment, ManifestOptions manifests)
    {
        var person = new Argument<string>("person")
        {
            Description =
                "The person's address, or a login as PLACE:LOGIN, such as github:octocat; a Person with it adds "
                + "addresses, logins and ids",
        };
        person.Validators.Add(Check);
        person.CompletionSources.Add(at => manifests.Known(environment, at).People());
        return person;
    }

    /// <summary>Whether a login's place is one of the manifests'; tells why not.</summary>
    /// <param name="environment">Where to tell it.</param>
    /// <param name="palette">The colours.</param>
    /// <param name="person">The person.</param>
    /// <param name="manifests">The manifests.</param>
    public static bool IsPlaced(
        CliEnvironment environment,
        Palette palette,
        NamedPerson person,
        ResolvedManifests manifests
    )
    {
        if (OffboardingSubject.ProblemOfPlace(person, manifests.Connections) is not { } problem)
            return true;
        ProblemReport.WriteError(environment.Error, palette, problem);
        return false;
    }

    private static void Check(ArgumentResult result)
    {
        var text = result.GetValueOrDefault<string>() ?? "";
        if (NamedPerson.WhyNone(text) is { } problem)
            result.AddError($"{ProblemText.Quote(text)} {problem}; expected {NamedPerson.Expected}");
    }
}
