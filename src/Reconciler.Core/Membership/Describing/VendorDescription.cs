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

/// <summary>A list of the vendor's.</summary>
/// <param name="Path">The segments of its path.</param>
/// <param name="Items">Where the items are.</param>
public record DescribedList(ImmutableArray<TextTemplate> Path, JsonPointer Items)
{
    /// <summary>Fixed parameters of the query.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>How it is cut into pages; null if it comes all at once.</summary>
    public DescribedPaging? Paging { get; init; }
}

/// <summary>How a list is cut into pages.</summary>
/// <param name="By">What names the next page.</param>
/// <param name="Query">The parameters that name the page.</param>
public sealed record DescribedPaging(PagingForm By, ImmutableArray<string> Query)
{
    /// <summary>The number of the first page.</summary>
    public int First { get; init; } = 1;

    /// <summary>The most items of a page; 0 where it is not known.</summary>
    public int Size { get; init; }

    /// <summary>The parameter for the most items of a page; null if there is none.</summary>
    public string? SizeQuery { get; init; }

    /// <summary>Where the number of all items is; null if it is not reported.</summary>
    public JsonPointer? Total { get; init; }

    /// <summary>Where the next page's URL or word is; null if the body does not tell.</summary>
    public JsonPointer? Next { get; init; }

    /// <summary>An attribute of the link that is true while there are more pages; null if there is none.</summary>
    public string? MoreWhile { get; init; }
}

/// <summary>Where the words of one field of access are in an item.</summary>
/// <param name="Field">The field's name.</param>
/// <param name="At">Where the words are.</param>
public sealed record DescribedSource(string Field, JsonPointer At)
{
    /// <summary>Where a word is in an object; null if the words are not in objects.</summary>
    public JsonPointer? Word { get; init; }

    /// <summary>Where the id of a word is; null if there is none.</summary>
    public JsonPointer? Id { get; init; }

    /// <summary>What holds of objects that come from above; null if none do.</summary>
    public JsonCondition? Inherited { get; init; }
}

/// <summary>The call that tells whose token it is.</summary>
/// <param name="Path">The segments of its path.</param>
public sealed record DescribedWhoAmI(ImmutableArray<TextTemplate> Path)
{
    /// <summary>Where the address of the token's user is; null if it is not reported.</summary>
    public JsonPointer? Email { get; init; }

    /// <summary>What proves that this user sees all of a list.</summary>
    public ImmutableArray<JsonCondition> SeesAll { get; init; } = [];
}

/// <summary>The list of projects.</summary>
/// <param name="List">The list.</param>
/// <param name="Id">Where a project's id is.</param>
/// <param name="Name">Where its name is; null if it is not reported.</param>
public sealed record DescribedProjects(DescribedList List, JsonPointer Id, JsonPointer? Name);

/// <summary>The list of everybody who has an account.</summary>
/// <param name="List">The list.</param>
/// <param name="Id">Where a person's id is.</param>
/// <param name="Email">Where a person's address is.</param>
public sealed record DescribedPeople(DescribedList List, JsonPointer Id, JsonPointer Email);

/// <summary>A list of roles or groups.</summary>
/// <param name="List">The list.</param>
/// <param name="Id">Where the id is.</param>
/// <param name="Name">Where the name is.</param>
public sealed record DescribedNames(DescribedList List, JsonPointer Id, JsonPointer Name);

/// <summary>The list of a project's members.</summary>
/// <param name="List">The list.</param>
/// <param name="Id">Where the id is that a change needs.</param>
/// <param name="Access">Where the access is.</param>
public sealed record DescribedMembers(DescribedList List, JsonPointer Id, ImmutableArray<DescribedSource> Access)
{
    /// <summary>What holds of the items that are members.</summary>
    public ImmutableArray<JsonCondition> Where { get; init; } = [];

    /// <summary>Where the person's id is; null if it is not reported.</summary>
    public JsonPointer? Person { get; init; }

    /// <summary>Where the person's address is; null if it is in the list of people.</summary>
    public JsonPointer? Email { get; init; }

    /// <summary>Where the person's name is; null if it is not reported.</summary>
    public JsonPointer? Name { get; init; }

    /// <summary>What holds of machine accounts; null if none is known.</summary>
    public JsonCondition? Machine { get; init; }

    /// <summary>What holds of the vendor's owner; null if there is none.</summary>
    public JsonCondition? Owner { get; init; }
}

/// <summary>The list of a project's invitations.</summary>
/// <param name="List">The list.</param>
/// <param name="Id">Where the id is.</param>
/// <param name="Email">Where the address is.</param>
/// <param name="CreatedAt">Where the time is.</param>
/// <param name="Access">Where the access is.</param>
public sealed record DescribedInvitations(
    DescribedList List,
    JsonPointer Id,
    JsonPointer Email,
    JsonPointer CreatedAt,
    ImmutableArray<DescribedSource> Access
)
{
    /// <summary>What holds of those that wait; empty if all do that are not declined.</summary>
    public ImmutableArray<JsonCondition> Pending { get; init; } = [];

    /// <summary>What holds of those that were declined; empty if none is.</summary>
    public ImmutableArray<JsonCondition> Declined { get; init; } = [];

    /// <summary>What holds of items that are left out; empty if none are.</summary>
    public ImmutableArray<JsonCondition> Over { get; init; } = [];

    /// <summary>Where the inviter is; null if it is not reported.</summary>
    public JsonPointer? InvitedBy { get; init; }
}

/// <summary>A call that changes something.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The segments of its path.</param>
/// <param name="Effect">What it does when it is sent twice.</param>
public sealed record DescribedCall(CallMethod Method, ImmutableArray<TextTemplate> Path, CallEffect Effect)
{
    /// <summary>The body; null for none.</summary>
    public BodyTemplate? Body { get; init; }

    /// <summary>What proves that it is done; null if the project must be read.</summary>
    public DescribedProof? Proof { get; init; }

    /// <summary>What it destroys besides, for people to read; null for nothing.</summary>
    public string? Destroys { get; init; }

    /// <summary>The names of all placeholders.</summary>
    public IEnumerable<string> Placeholders => Path.SelectMany(s => s.Names).Concat(Body?.Names ?? []);
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
