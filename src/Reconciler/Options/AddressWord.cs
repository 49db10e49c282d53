using System.CommandLine;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Values;

namespace Reconciler.Options;

/// <summary>The address of an existing person, as a word of a command line.</summary>
internal static class AddressWord
{
    /// <summary>Why the word is no address; null where it is one.</summary>
    /// <param name="word">The word; null where none was typed.</param>
    public static string? Problem(string? word)
    {
        var text = word ?? "";
        return EmailAddress.WhyNone(text) is { } problem
            ? $"{ProblemText.Quote(text)} {problem}; expected {EmailAddress.Expected}"
            : null;
    }

    /// <summary>The argument of a verb that is about one person.</summary>
    /// <param name="environment">What reads the manifests.</param>
    /// <param name="manifests">Tells which manifests name people whom a shell may offer.</param>
    public static Argument<string> Argument(CliEnvironment environment, ManifestOptions manifests)
    {
        var email = new Argument<string>("email")
        {
            Description = "The person's address; a Person with it adds aliases and ids",
        };
        email.Validators.Add(result =>
        {
            if (Problem(result.GetValueOrDefault<string>()) is { } problem)
                result.AddError(problem);
        });
        email.CompletionSources.Add(at => manifests.Known(environment, at).Addresses());
        return email;
    }
}
