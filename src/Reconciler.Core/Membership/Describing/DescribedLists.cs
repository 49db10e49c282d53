using System.Collections.Immutable;
using Reconciler.Core.Manifests.Kinds;

namespace Reconciler.Core.Membership.Describing;

/// <summary>A list of the vendor's.</summary>
/// <param name="Path">The segments of its path.</param>
/// <param name="Items">Where the items are.</param>
public record DescribedList(ImmutableArray<TextTemplate> Path, JsonPointer Items)
{
    /// <summary>The path with its placeholders, such as <c>projects/{project}/members</c>.</summary>
    public string PathText =>
        string.Join(
            '/',
            Path.Select(s => string.Concat(s.Parts.Select(p => p.IsPlaceholder ? $"{{{p.Text}}}" : p.Text)))
        );

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
    /// <summary>Where the login of the token's user is; null where people are known by addresses.</summary>
    public JsonPointer? Login { get; init; }

    /// <summary>Where the address of the token's user is; null if it is not reported.</summary>
    public JsonPointer? Email { get; init; }

    /// <summary>What proves that this user sees all of a list.</summary>
    public ImmutableArray<JsonCondition> SeesAll { get; init; } = [];
}

/// <summary>The call that finds the account of a login.</summary>
/// <param name="Path">The segments of its path.</param>
/// <param name="Query">The parameters of its query.</param>
/// <param name="Items">Where a list of accounts is; null if the body is the account.</param>
/// <param name="Id">Where the account's id is.</param>
/// <param name="Login">Where its login is.</param>
public sealed record DescribedAccount(
    ImmutableArray<TextTemplate> Path,
    ImmutableArray<KeyValuePair<string, TextTemplate>> Query,
    JsonPointer? Items,
    JsonPointer Id,
    JsonPointer Login
);

/// <summary>The call that proves that the token's user sees everybody in a project.</summary>
/// <param name="Path">The segments of its path.</param>
/// <param name="Where">What holds of its answer.</param>
public sealed record DescribedSight(ImmutableArray<TextTemplate> Path, ImmutableArray<JsonCondition> Where);

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

    /// <summary>Where the id of the project is; null if paths name the project.</summary>
    public JsonPointer? Project { get; init; }

    /// <summary>Where the person's id is; null if it is not reported.</summary>
    public JsonPointer? Person { get; init; }

    /// <summary>Where the person's login is; null where people are known by addresses.</summary>
    public JsonPointer? Login { get; init; }

    /// <summary>The parts of the list; empty if it is one.</summary>
    public ImmutableArray<DescribedPart> Parts { get; init; } = [];

    /// <summary>The list of everybody who has access here or from above; null if there is none.</summary>
    public DescribedList? Above { get; init; }

    /// <summary>
    /// Where the person's address is; null if it is in the list of people, or people are known by logins.
    /// </summary>
    public JsonPointer? Email { get; init; }

    /// <summary>Where the person's name is; null if it is not reported.</summary>
    public JsonPointer? Name { get; init; }

    /// <summary>What holds of machine accounts; null if none is known.</summary>
    public JsonCondition? Machine { get; init; }

    /// <summary>What holds of the vendor's owner; null if there is none.</summary>
    public JsonCondition? Owner { get; init; }
}

/// <summary>A part of the list of members, in which everybody has the same access.</summary>
/// <param name="List">The part.</param>
/// <param name="Words">The words of access, by the fields.</param>
public sealed record DescribedPart(DescribedList List, ImmutableDictionary<string, string> Words);

/// <summary>The list of a project's invitations.</summary>
/// <param name="List">The list.</param>
/// <param name="Id">Where the id is.</param>
/// <param name="Email">Where the address is; null where all have logins.</param>
/// <param name="CreatedAt">Where the time is.</param>
/// <param name="Access">Where the access is.</param>
public sealed record DescribedInvitations(
    DescribedList List,
    JsonPointer Id,
    JsonPointer? Email,
    JsonPointer CreatedAt,
    ImmutableArray<DescribedSource> Access
)
{
    /// <summary>Where the invited login is; null where people are known by addresses.</summary>
    public JsonPointer? Login { get; init; }

    /// <summary>Where the vendor's id of the person is; null if it is not reported.</summary>
    public JsonPointer? Person { get; init; }

    /// <summary>What holds of those that wait; empty if all do that are not declined.</summary>
    public ImmutableArray<JsonCondition> Pending { get; init; } = [];

    /// <summary>What holds of those that were declined; empty if none is.</summary>
    public ImmutableArray<JsonCondition> Declined { get; init; } = [];

    /// <summary>What holds of those that expired; empty if none is.</summary>
    public ImmutableArray<JsonCondition> Expired { get; init; } = [];

    /// <summary>The list of those that ended without an answer; null if there is none.</summary>
    public DescribedFailed? Failed { get; init; }

    /// <summary>What holds of items that are left out; empty if none are.</summary>
    public ImmutableArray<JsonCondition> Over { get; init; } = [];

    /// <summary>Where the inviter is; null if it is not reported.</summary>
    public JsonPointer? InvitedBy { get; init; }
}

/// <summary>The list of invitations that ended without an answer.</summary>
/// <param name="List">The list.</param>
/// <param name="Reason">Where the reason is; null if it is not reported.</param>
/// <param name="Over">What holds of items that are left out; empty if none are.</param>
public sealed record DescribedFailed(DescribedList List, JsonPointer? Reason, ImmutableArray<JsonCondition> Over);
