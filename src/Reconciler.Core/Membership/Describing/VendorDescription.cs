using System.Collections.Immutable;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Membership.Describing;

/// <summary>
/// A checked <see cref="VendorDefinition"/>: what one provider needs to use the vendor's API. Every pointer and
/// placeholder in it is valid.
/// </summary>
/// <param name="Digest">The digest of the definition, <c>sha256:</c> and 64 digits.</param>
/// <param name="Members">The list of a project's members.</param>
public sealed record VendorDescription(string Digest, DescribedMembers Members)
{
    /// <summary>The header that carries the token.</summary>
    public required string TokenHeader { get; init; }

    /// <summary>What stands before the token; may be empty.</summary>
    public string TokenPrefix { get; init; } = "";

    /// <summary>The header that carries the second key of the token; null if the token is one key.</summary>
    public string? SecondHeader { get; init; }

    /// <summary>Further headers of every request.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Whether every path ends in a slash.</summary>
    public bool ClosedPaths { get; init; }

    /// <summary>What holds of every answer that reports success; null if the status says it all.</summary>
    public JsonCondition? Success { get; init; }

    /// <summary>Where the reason of a failure is; null if answers have none.</summary>
    public JsonPointer? Reason { get; init; }

    /// <summary>How words of access are sent and received, by the fields' names.</summary>
    public ImmutableDictionary<string, DescribedField> Fields { get; init; } =
        ImmutableDictionary<string, DescribedField>.Empty;

    /// <summary>The call that tells whose token it is; null if there is none.</summary>
    public DescribedWhoAmI? WhoAmI { get; init; }

    /// <summary>The call that finds the account of a login; null if there is none.</summary>
    public DescribedAccount? Account { get; init; }

    /// <summary>
    /// The call that proves that the token's user sees everybody in a project; null if there is none.
    /// </summary>
    public DescribedSight? SeesAll { get; init; }

    /// <summary>The list of projects; null if there is none.</summary>
    public DescribedProjects? Projects { get; init; }

    /// <summary>The list of everybody who has an account; null if members have addresses.</summary>
    public DescribedPeople? People { get; init; }

    /// <summary>The list of a project's invitations; null if nobody is ever invited.</summary>
    public DescribedInvitations? Invitations { get; init; }

    /// <summary>The lists that turn names into ids.</summary>
    public ImmutableDictionary<string, DescribedNames> Names { get; init; } =
        ImmutableDictionary<string, DescribedNames>.Empty;

    /// <summary>The calls that change something.</summary>
    public ImmutableDictionary<ActionKind, DescribedCall> Calls { get; init; } =
        ImmutableDictionary<ActionKind, DescribedCall>.Empty;

    /// <summary>The call that takes away what is not inherited; null for that of a removal.</summary>
    public DescribedCall? RemoveDirect { get; init; }

    /// <summary>The calls that give and take one word of access; null where one call changes all.</summary>
    public DescribedWordCalls? Words { get; init; }

    /// <summary>The calls of one word that change what an action is about; null if another call does.</summary>
    /// <param name="kind">The action.</param>
    public DescribedWordCalls? WordsFor(ActionKind kind) =>
        Words is { } words && (kind == ActionKind.Update || (kind == ActionKind.Replace && words.OfInvitations))
            ? words
            : null;

    /// <summary>What refused invitations mean.</summary>
    public ImmutableArray<DescribedRefusal> Refusals { get; init; } = [];
}

/// <summary>How words of one field of access are sent and received.</summary>
/// <param name="Name">The field's name.</param>
/// <param name="Form">How it is written.</param>
public sealed record DescribedField(string Name, AccessForm Form)
{
    /// <summary>The list that turns the words into ids; null if words are sent.</summary>
    public string? Names { get; init; }

    /// <summary>What is sent in the place of words.</summary>
    public ImmutableDictionary<string, string> Sent { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The words for what is received.</summary>
    public ImmutableDictionary<string, string> Received { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Whether numbers are sent.</summary>
    public bool Numbers { get; init; }
}

/// <summary>A call that changes something.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The segments of its path.</param>
/// <param name="Effect">What it does when it is sent twice.</param>
public sealed record DescribedCall(CallMethod Method, ImmutableArray<TextTemplate> Path, CallEffect Effect)
{
    /// <summary>The body; null for none.</summary>
    public BodyTemplate? Body { get; init; }

    /// <summary>What is read just before it and sent back with it; null for nothing.</summary>
    public DescribedRead? Reads { get; init; }

    /// <summary>What proves that it is done; null if the project must be read.</summary>
    public DescribedProof? Proof { get; init; }

    /// <summary>What it takes in the place of words, where that differs from the fields' own.</summary>
    public ImmutableDictionary<string, string> Sent { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>What it destroys besides, for people to read; null for nothing.</summary>
    public string? Destroys { get; init; }

    /// <summary>The call that sends the mail afterwards; null if this one does.</summary>
    public DescribedMailCall? Then { get; init; }

    /// <summary>The names of all placeholders.</summary>
    public IEnumerable<string> Placeholders => Path.SelectMany(s => s.Names).Concat(Body?.Names ?? []);
}

/// <summary>What is read just before a call and sent back with it.</summary>
/// <param name="Path">The segments of the path that is read.</param>
/// <param name="Values">Where each value is in the answer, by the placeholder of the body that it fills.</param>
public sealed record DescribedRead(
    ImmutableArray<TextTemplate> Path,
    ImmutableSortedDictionary<string, JsonPointer> Values
)
{
    /// <summary>The beginning of the placeholders.</summary>
    public const string Prefix = "read.";

    /// <summary>Whether a placeholder is filled with what was read.</summary>
    /// <param name="placeholder">The placeholder.</param>
    public static bool Fills(string placeholder) => placeholder.StartsWith(Prefix, StringComparison.Ordinal);
}

/// <summary>The call that sends the mail to somebody whose account was just made.</summary>
/// <param name="Made">Where the id of the account is in the answer of the first call.</param>
/// <param name="Call">The call.</param>
public sealed record DescribedMailCall(JsonPointer Made, DescribedCall Call);

/// <summary>The calls that give and take one word of access.</summary>
/// <param name="Field">The field of access.</param>
/// <param name="Give">The call that gives a word.</param>
/// <param name="Take">The call that takes a word.</param>
/// <param name="OfInvitations">Whether they serve invitations as well.</param>
public sealed record DescribedWordCalls(string Field, DescribedCall Give, DescribedCall Take, bool OfInvitations)
{
    /// <summary>The end of the placeholder of one word, behind the field's name.</summary>
    public const string Each = ".each";
}

/// <summary>What proves that a call is done.</summary>
public sealed record DescribedProof
{
    /// <summary>Whether the status is proof enough.</summary>
    public bool Status { get; init; }

    /// <summary>Where the items of an answer for several people are; null if the answer is one.</summary>
    public JsonPointer? Items { get; init; }

    /// <summary>What holds of the answer, or of each item.</summary>
    public ImmutableArray<JsonCondition> Where { get; init; } = [];

    /// <summary>Where the address is; null if it is not compared.</summary>
    public JsonPointer? Email { get; init; }

    /// <summary>Where the id is; null if it is not compared.</summary>
    public JsonPointer? Id { get; init; }

    /// <summary>Where the access is; empty if it is not compared.</summary>
    public ImmutableArray<DescribedSource> Access { get; init; } = [];
}

/// <summary>What a refused invitation means.</summary>
/// <param name="Status">The status.</param>
/// <param name="At">Where the code is.</param>
/// <param name="Is">The code.</param>
/// <param name="Means">What it means.</param>
public sealed record DescribedRefusal(int Status, JsonPointer At, string Is, RefusalMeaning Means);
