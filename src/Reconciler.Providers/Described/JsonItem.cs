using System.Text.Json;
using Reconciler.Core.Describing;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.Described;

/// <summary>An item of a list, or a whole answer.</summary>
/// <param name="answer">The answer that it is from.</param>
/// <param name="json">The item.</param>
internal sealed class JsonItem(JsonAnswer answer, JsonElement json)
{
    public JsonElement Json { get; } = json;

    /// <summary>Whether the answer may quote a token, so that every text of it has to be compared.</summary>
    public bool MayQuote => !answer.Quoted.IsEmpty;

    /// <summary>Returns the text at a place.</summary>
    /// <exception cref="ProviderException">There is none.</exception>
    public string Text(JsonPointer at) =>
        TextOrNone(at) ?? throw Unreadable($"an item without a text or number at {at.Text}");

    /// <summary>Returns the text at a place; null if there is none.</summary>
    public string? TextOrNone(JsonPointer? at)
    {
        if (at is null)
            return null;
        string? text;
        try
        {
            text = at.TextIn(Json);
        }
        catch (InvalidOperationException)
        {
            // A text may hold half of a surrogate pair, which no string can.
            throw Unreadable($"a text at {at.Text} that is no Unicode");
        }

        if (!answer.Quoted.IsEmpty && text is not null && QuotedToken.Holds(text, answer.Quoted))
            throw answer.Call.Unreadable($"answered {QuotedToken.Found}");
        return text;
    }

    /// <summary>A part of the item.</summary>
    /// <param name="part">The part.</param>
    public JsonItem Part(JsonElement part) => new(answer, part);

    /// <summary>Whether a condition holds; true for none.</summary>
    public bool Holds(JsonCondition condition)
    {
        try
        {
            return condition.Holds(Json);
        }
        catch (InvalidOperationException)
        {
            throw Unreadable($"a text at {condition.At.Text} that is no Unicode");
        }
    }

    /// <summary>Returns the time at a place.</summary>
    /// <exception cref="ProviderException">There is none.</exception>
    public DateTimeOffset Time(JsonPointer at) =>
        DateTimeOffset.TryParse(
            Text(at),
            System.Globalization.CultureInfo.InvariantCulture,
            System.Globalization.DateTimeStyles.AssumeUniversal,
            out var time
        )
            ? time
            : throw Unreadable($"a text at {at.Text} that is no time");

    /// <summary>Creates the error for an item that is not as the definition says.</summary>
    public ProviderException Unreadable(string what) =>
        answer.Call.Unreadable($"answered with {what}; the definition of the vendor expects another answer");
}
