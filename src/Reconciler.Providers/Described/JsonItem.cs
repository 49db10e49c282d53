using System.Text.Json;
using Reconciler.Core.Membership.Describing;
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
        TextOrNone(at) ?? throw Unreadable($"an item without a text or number at {Shown(at)}");

    /// <summary>Returns the text at a place; null if there is none.</summary>
    public string? TextOrNone(JsonPointer? at)
    {
        if (at is null)
            return null;
        string? text;
        try
        {
            if (!at.TryFind(Json, out var found))
                return null;
            text =
                JsonPointer.TextOf(found)
                ?? throw Unreadable($"a list or mapping at {Shown(at)} in the place of a text or number");
        }
        catch (InvalidOperationException)
        {
            // A text may hold half of a surrogate pair, which no string can.
            throw Unreadable($"a text at {at.Text} that is no Unicode");
        }

        Check(text);
        return text;
    }

    /// <summary>Compares a text of the answer with the token.</summary>
    /// <exception cref="ProviderException">The text holds the token.</exception>
    public void Check(string text)
    {
        if (!answer.Quoted.IsEmpty && QuotedToken.Holds(text, answer.Quoted))
            throw answer.Call.Unreadable($"answered {QuotedToken.Found}");
    }

    /// <summary>A place as messages name it.</summary>
    public static string Shown(JsonPointer at) => at.Text.Length == 0 ? "its root" : at.Text;

    /// <summary>A part of the item.</summary>
    /// <param name="part">The part.</param>
    public JsonItem Part(JsonElement part) => new(answer, part);

    /// <summary>Whether a place has a number.</summary>
    public bool IsNumber(JsonPointer at) => at.TryFind(Json, out var found) && found.ValueKind == JsonValueKind.Number;

    /// <summary>Whether a condition holds.</summary>
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
