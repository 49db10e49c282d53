using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Values;

namespace Reconciler.Hosts;

/// <summary>An address that somebody typed as a word of a command line.</summary>
internal static class AddressWord
{
    /// <summary>Why the word is no address; null where it is one.</summary>
    /// <param name="word">The word; null where none was typed.</param>
    public static string? Problem(string? word)
    {
        var text = word ?? "";
        if (EmailAddress.Parse(text) is not null) return null;
        var why = EmailAddress.Explain(text) is { } problem ? $"{ProblemText.Quote(text)} {problem}; " : "";
        return $"{why}expected {EmailAddress.Expected}";
    }
}
