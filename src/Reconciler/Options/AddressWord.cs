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
}
