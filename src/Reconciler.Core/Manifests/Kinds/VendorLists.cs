using Reconciler.Core.Manifests.Shapes;

namespace Reconciler.Core.Manifests.Kinds;

/// <summary>A list of the vendor's.</summary>
public abstract class ListDefinition : ManifestPart
{
    /// <summary>The path below the base URL; lists of one project have <c>{project}</c> in it.</summary>
    [Text(Example = "/projects/{project}/memberships.json")]
    public required string Path { get; init; }

    /// <summary>Fixed parameters of the query.</summary>
    [Text(MinLength = 0)]
    [MaxItems(20)]
    public IReadOnlyDictionary<string, string>? Query { get; init; }

    /// <summary>How the list is cut into pages.</summary>
    [Default("all at once")]
    public PagingDefinition? Paging { get; init; }

    /// <summary>Where the items are in the body, as a JSON pointer; empty for the whole body.</summary>
    [Text(MinLength = 0, Example = "/memberships")]
    public required string Items { get; init; }
}

/// <summary>How a list is cut into pages.</summary>
public enum PagingForm
{
    /// <summary>By numbers of pages.</summary>
    Page,

    /// <summary>By the number of items to skip.</summary>
    Offset,

    /// <summary>By a URL of the next page in the body.</summary>
    Next,

    /// <summary>By a URL of the next page in the header <c>Link</c>.</summary>
    Link,

    /// <summary>By a word of the next page in the body.</summary>
    Cursor,
}

/// <summary>How a list is cut into pages.</summary>
public sealed partial class PagingDefinition : ManifestPart
{
    /// <summary>What names the next page.</summary>
    public required PagingForm By { get; init; }

    /// <summary>
    /// The parameters of the query that name the page. Of a URL of the next page, these alone are taken, and neither
    /// its origin nor its path.
    /// </summary>
    [MaxItems(5)]
    [Text(MaxLength = 63, Example = "page")]
    public required IReadOnlyList<string> Query { get; init; }

    /// <summary>The number of the first page.</summary>
    [Number(0, 1)]
    [Default("1")]
    public int? First { get; init; }

    /// <summary>The parameter of the query for the most items of a page.</summary>
    [Text(MaxLength = 63, Example = "limit")]
    public string? SizeQuery { get; init; }

    /// <summary>The most items of a page, as the vendor documents it; needed with page and offset.</summary>
    [Number(1, 10_000)]
    public int? Size { get; init; }

    /// <summary>
    /// Where the number of all items is in the body, as a JSON pointer. Without it nobody notices when items move
    /// between pages.
    /// </summary>
    [Text(Example = "/total_count")]
    public string? Total { get; init; }

    /// <summary>
    /// Where the next page's URL or word is in the body, as a JSON pointer; needed with next and cursor.
    /// </summary>
    [Text(Example = "/next")]
    public string? Next { get; init; }

    /// <summary>
    /// An attribute of the <c>Link</c> that is <c>"true"</c> while there are more pages, for vendors whose last page
    /// has a link too.
    /// </summary>
    [Text(MaxLength = 63, Example = "results")]
    public string? MoreWhile { get; init; }
}

/// <summary>Where the words of one field of access are.</summary>
public sealed partial class AccessSourceDefinition : ManifestPart
{
    /// <summary>Where the words are in an item, as a JSON pointer.</summary>
    [Text(MinLength = 0, Example = "/roles")]
    public required string At { get; init; }

    /// <summary>Where a word is, where each is in an object, as a JSON pointer.</summary>
    [Text(Example = "/name")]
    public string? Word { get; init; }

    /// <summary>
    /// Where the vendor's id of a word is, as a JSON pointer; its name is looked up where there is no word.
    /// </summary>
    [Text(MinLength = 0, Example = "/id")]
    public string? Id { get; init; }

    /// <summary>
    /// What holds of words that come from above, such as a group; they are shown and never taken away.
    /// </summary>
    public JsonConditionDefinition? Inherited { get; init; }
}

/// <summary>The list of projects.</summary>
public sealed partial class ProjectListDefinition : ListDefinition
{
    /// <summary>Where a project's id is in an item, as a JSON pointer.</summary>
    [Text(Example = "/id")]
    public required string Id { get; init; }

    /// <summary>Where a project's name is in an item, as a JSON pointer.</summary>
    [Text(Example = "/name")]
    public string? Name { get; init; }
}

/// <summary>The list of everybody who has an account.</summary>
public sealed partial class PeopleListDefinition : ListDefinition
{
    /// <summary>Where a person's id is in an item, as a JSON pointer.</summary>
    [Text(Example = "/id")]
    public required string Id { get; init; }

    /// <summary>Where a person's address is in an item, as a JSON pointer.</summary>
    [Text(Example = "/mail")]
    public required string Email { get; init; }
}

/// <summary>The list of a project's members.</summary>
public sealed partial class MemberListDefinition : ListDefinition
{
    /// <summary>What holds of the items that are members. Others are left out.</summary>
    [MaxItems(10)]
    public IReadOnlyList<JsonConditionDefinition>? Where { get; init; }

    /// <summary>Where the id is that a change needs, as a JSON pointer.</summary>
    [Text(Example = "/id")]
    public required string Id { get; init; }

    /// <summary>
    /// Where the id of the project is in an item, as a JSON pointer, for vendors whose token belongs to one project, so
    /// that no path names it. An item of another project fails the reading.
    /// </summary>
    [Text(Example = "/organization/id")]
    [Default("none: the path names the project")]
    public string? Project { get; init; }

    /// <summary>Where the person's id is in an item, as a JSON pointer; needed with people.</summary>
    [Text(Example = "/user/id")]
    public string? Person { get; init; }

    /// <summary>
    /// Where the person's login is in an item, as a JSON pointer; needed where people are known by logins.
    /// </summary>
    [Text(Example = "/login")]
    public string? Login { get; init; }

    /// <summary>Where the person's address is in an item, as a JSON pointer; needed without people or logins.</summary>
    [Text(Example = "/email")]
    public string? Email { get; init; }

    /// <summary>Where the person's name is in an item, as a JSON pointer.</summary>
    [Text(Example = "/user/name")]
    public string? Name { get; init; }

    /// <summary>Where the access is, by the fields of access; needed without parts.</summary>
    [MaxItems(20)]
    public IReadOnlyDictionary<string, AccessSourceDefinition>? Access { get; init; }

    /// <summary>
    /// One list for each role, where items do not name the role. All parts together are the members.
    /// </summary>
    [MaxItems(20)]
    public IReadOnlyList<MemberPartDefinition>? Parts { get; init; }

    /// <summary>
    /// A second list, of everybody who has access here or from above. Who is in it and not among the members has all
    /// access from above, which is shown and never taken away.
    /// </summary>
    public AboveDefinition? Above { get; init; }

    /// <summary>What holds of machine accounts, which are not managed.</summary>
    public JsonConditionDefinition? Machine { get; init; }

    /// <summary>What holds of the vendor's one owner, who can be neither removed nor demoted.</summary>
    public JsonConditionDefinition? Owner { get; init; }
}

/// <summary>A part of the list of members, in which everybody has the same access.</summary>
public sealed partial class MemberPartDefinition : ManifestPart
{
    /// <summary>Parameters of the query, beside those of the list.</summary>
    [Text(MinLength = 0)]
    [MaxItems(20)]
    public required IReadOnlyDictionary<string, string> Query { get; init; }

    /// <summary>The words that everybody in it has, by the fields of access.</summary>
    [MaxItems(20)]
    public required IReadOnlyDictionary<string, string> Access { get; init; }
}

/// <summary>The list of everybody who has access to a project, from wherever.</summary>
[NotEmpty]
public sealed partial class AboveDefinition : ManifestPart
{
    /// <summary>The path below the base URL, with <c>{project}</c> in it.</summary>
    [Default("that of the members")]
    [Text(Example = "/projects/{project}/members/all")]
    public string? Path { get; init; }

    /// <summary>Fixed parameters of the query.</summary>
    [Text(MinLength = 0)]
    [MaxItems(20)]
    public IReadOnlyDictionary<string, string>? Query { get; init; }
}

/// <summary>A list of roles or groups that turns names into the vendor's ids.</summary>
public sealed partial class NameListDefinition : ListDefinition
{
    /// <summary>Where the id is in an item, as a JSON pointer.</summary>
    [Text(Example = "/id")]
    public required string Id { get; init; }

    /// <summary>Where the name is in an item, as a JSON pointer.</summary>
    [Text(Example = "/name")]
    public required string Name { get; init; }
}
