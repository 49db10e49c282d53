using Reconciler.Core.Manifests.Shapes;

namespace Reconciler.Core.Manifests.Kinds;

/// <summary>How a vendor knows people by logins.</summary>
public sealed partial class LoginsDefinition : ManifestPart
{
    /// <summary>
    /// The name under which Persons state their logins and ids, the same for all definitions of one site, such as of
    /// its projects and its groups.
    /// </summary>
    [Text(Pattern = Metadata.Label, Expected = "a site's name", MaxLength = 63, Example = "github")]
    [Default("none: the definition's own name")]
    public string? Site { get; init; }

    /// <summary>Whether logins that differ in the case of letters alone are two people.</summary>
    [Default("false")]
    public bool? CaseCounts { get; init; }

    /// <summary>
    /// The call that finds the account of a login. It is made before an invitation: the login may have a typing error,
    /// or may be somebody else's by now.
    /// </summary>
    public AccountDefinition? Account { get; init; }
}

/// <summary>The call that proves that the token's user sees everybody in a project.</summary>
public sealed partial class SeesAllDefinition : ManifestPart
{
    /// <summary>The path below the base URL, with <c>{project}</c> in it.</summary>
    [Text(Example = "/repos/{project}")]
    public required string Path { get; init; }

    /// <summary>What holds of its answer if the user sees everybody.</summary>
    [MaxItems(10)]
    public required IReadOnlyList<JsonConditionDefinition> Where { get; init; }
}

/// <summary>The call that finds the account of a login.</summary>
public sealed partial class AccountDefinition : ManifestPart
{
    /// <summary>The path below the base URL, with <c>{login}</c> in it, or in a parameter of the query.</summary>
    [Text(Example = "/users/{login}")]
    public required string Path { get; init; }

    /// <summary>Parameters of the query.</summary>
    [Text(MinLength = 0)]
    [MaxItems(20)]
    public IReadOnlyDictionary<string, string>? Query { get; init; }

    /// <summary>Where a list of accounts is in the body, as a JSON pointer.</summary>
    [Default("the body is the account")]
    [Text(MinLength = 0, Example = "/users")]
    public string? Items { get; init; }

    /// <summary>Where the account's id is, as a JSON pointer.</summary>
    [Text(Example = "/id")]
    public required string Id { get; init; }

    /// <summary>Where its login is, as a JSON pointer.</summary>
    [Text(Example = "/login")]
    public required string Login { get; init; }
}

/// <summary>The form of a project's id.</summary>
public sealed partial class ProjectIdDefinition : ManifestPart
{
    /// <summary>How many names with slashes between an id has, such as 2 for <c>owner/repository</c>.</summary>
    [Number(1, 20)]
    [Default("1")]
    public int? Names { get; init; }

    /// <summary>Whether fewer names are valid as well.</summary>
    [Default("false")]
    public bool? OrFewer { get; init; }

    /// <summary>Whether the whole id is one segment of a path, in which its slashes are escaped.</summary>
    [Default("false: each name is a segment")]
    public bool? OneSegment { get; init; }

    /// <summary>Whether ids that differ in the case of letters alone are two projects.</summary>
    [Default("true")]
    public bool? CaseCounts { get; init; }
}
