using Reconciler.Core.Manifests.Shapes;

namespace Reconciler.Core.Manifests.Kinds;

/// <summary>
/// A vendor, described: its words of access, its lists and its calls. The runner reads it from a folder of its own, an
/// operator as a resource that belongs to no namespace, and nobody from among the manifests, because it says where
/// tokens go and what is a mail.
/// </summary>
public sealed partial class VendorDefinition : Manifest
{
    /// <summary>How the vendor's API is used.</summary>
    public required VendorDefinitionSpec Spec { get; init; }
}

/// <summary>How a vendor's API is used.</summary>
public sealed partial class VendorDefinitionSpec : ManifestPart
{
    /// <summary>The vendor's name for people.</summary>
    [Text(MaxLength = 63, Example = "Redmine")]
    public required string Title { get; init; }

    /// <summary>The base URLs that the vendor publishes.</summary>
    [Text(Pattern = "^https://[^\\s?#@]+$", Expected = "a URL that begins with https://", MaxLength = 255)]
    [Default("none: every customer has one of their own, which the runner allows with --allow-host")]
    [MaxItems(20)]
    public IReadOnlyList<string>? Urls { get; init; }

    /// <summary>Whether the ids of projects and people are UUIDs, in which case does not count.</summary>
    [Default("false")]
    public bool? UuidIds { get; init; }

    /// <summary>How the vendor knows people by logins.</summary>
    [Default("none: people are known by their addresses")]
    public LoginsDefinition? Logins { get; init; }

    /// <summary>The form of a project's id.</summary>
    [Default("one text without slashes")]
    public ProjectIdDefinition? ProjectIds { get; init; }

    /// <summary>The header that carries the token.</summary>
    public required TokenPlace Token { get; init; }

    /// <summary>Further headers of every request, with their fixed values.</summary>
    [Text(MaxLength = 255)]
    [MaxItems(10)]
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>Whether every path ends in a slash.</summary>
    [Default("false")]
    public bool? ClosedPaths { get; init; }

    /// <summary>What every answer with a body says of its success, besides its status.</summary>
    public AnswerDefinition? Answers { get; init; }

    /// <summary>The fields of <c>access</c> in manifests.</summary>
    [MaxItems(20)]
    public required IReadOnlyList<AccessFieldDefinition> Access { get; init; }

    /// <summary>The call that tells whose token it is. It must fail with a wrong token.</summary>
    public WhoAmIDefinition? WhoAmI { get; init; }

    /// <summary>
    /// The call that proves that the token's user sees everybody in a project, for vendors that show other users only
    /// some members.
    /// </summary>
    public SeesAllDefinition? SeesAll { get; init; }

    /// <summary>The list of projects.</summary>
    [Default("none: each project has to be named by its id")]
    public ProjectListDefinition? Projects { get; init; }

    /// <summary>The list of everybody who has an account, for vendors whose lists of members lack addresses.</summary>
    public PeopleListDefinition? People { get; init; }

    /// <summary>The list of a project's members.</summary>
    public required MemberListDefinition Members { get; init; }

    /// <summary>The list of a project's invitations.</summary>
    [Default("none: nobody is ever invited, and who is added is a member at once")]
    public InvitationListDefinition? Invitations { get; init; }

    /// <summary>Lists of roles or groups that turn names into the vendor's ids, by names of your own.</summary>
    [MaxItems(10)]
    public IReadOnlyDictionary<string, NameListDefinition>? Names { get; init; }

    /// <summary>The calls that change something.</summary>
    public required CallDefinitions Calls { get; init; }

    /// <summary>What refused invitations mean, where the vendor documents it.</summary>
    [MaxItems(20)]
    public IReadOnlyList<RefusalDefinition>? Refusals { get; init; }

    /// <summary>Notes on actions, for people to read before they are applied, by the actions' names.</summary>
    [MaxItems(6)]
    public IReadOnlyDictionary<string, string>? Notes { get; init; }

    /// <summary>What a human must do where there is no call, by the actions' names.</summary>
    [MaxItems(6)]
    public IReadOnlyDictionary<string, string>? Manual { get; init; }

    /// <summary>What stays of a person who is in no project any more, and what a human must do about it.</summary>
    public string? Remains { get; init; }
}

/// <summary>The header that carries the token.</summary>
public sealed partial class TokenPlace : ManifestPart
{
    /// <summary>The header's name.</summary>
    [Text(
        Pattern = "^[A-Za-z0-9][-A-Za-z0-9_]*$",
        Expected = "a header's name",
        MaxLength = 63,
        Example = "Authorization"
    )]
    public required string Header { get; init; }

    /// <summary>What stands before the token, with the space between.</summary>
    [Text(MaxLength = 63, Example = "Bearer ")]
    [Default("nothing")]
    public string? Prefix { get; init; }

    /// <summary>
    /// The name of a second header, for vendors that ask for two keys. The token is then the first key, a colon and the
    /// second key.
    /// </summary>
    [Text(
        Pattern = "^[A-Za-z0-9][-A-Za-z0-9_]*$",
        Expected = "a header's name",
        MaxLength = 63,
        Example = "X-Application-Key"
    )]
    [Default("none: the token is one key")]
    public string? Second { get; init; }
}

/// <summary>What every answer with a body says of its success, besides its status.</summary>
public sealed partial class AnswerDefinition : ManifestPart
{
    /// <summary>What holds of an answer that reports success.</summary>
    public required JsonConditionDefinition Success { get; init; }

    /// <summary>Where the reason of a failure is, as a JSON pointer.</summary>
    [Text(MinLength = 0, Example = "/error")]
    public string? Reason { get; init; }
}

/// <summary>The forms of a field of access.</summary>
public enum AccessFieldForm
{
    /// <summary>A list of words.</summary>
    Words,

    /// <summary>One word.</summary>
    Word,

    /// <summary>true or false.</summary>
    Flag,

    /// <summary>
    /// The day on which the vendor ends access by itself, such as 2026-12-31. It follows from <c>expiresAt</c>.
    /// </summary>
    End,
}

/// <summary>A field of <c>access</c> in manifests.</summary>
public sealed partial class AccessFieldDefinition : ManifestPart
{
    /// <summary>Its name in manifests.</summary>
    [Text(
        Pattern = "^[a-z][A-Za-z0-9]*$",
        Expected = "a name of letters and digits that begins with a lower-case letter",
        MaxLength = 63,
        Example = "roles"
    )]
    public required string Name { get; init; }

    /// <summary>How it is written.</summary>
    public required AccessFieldForm Form { get; init; }

    /// <summary>What it is.</summary>
    public required string Description { get; init; }

    /// <summary>The words that the vendor knows.</summary>
    [MaxItems(1000)]
    public IReadOnlyList<string>? Known { get; init; }

    /// <summary>Whether other words than the known ones are allowed, because customers define their own.</summary>
    [Default("true where no words are known, else false")]
    public bool? Open { get; init; }

    /// <summary>The words that make a person an administrator; <c>"true"</c> for a flag.</summary>
    [MaxItems(100)]
    public IReadOnlyList<string>? Admin { get; init; }

    /// <summary>
    /// Whether every entry has to have the field, and every member and waiting invitation that the vendor lists; null
    /// will do there, but not for a list of words.
    /// </summary>
    [Default("false")]
    public bool? Required { get; init; }

    /// <summary>Whether the vendor's value is left as it is where an entry lacks the field.</summary>
    [Default("false")]
    public bool? NotManagedWhenAbsent { get; init; }

    /// <summary>Whether the words give no access by themselves, as a profile.</summary>
    [Default("false")]
    public bool? Descriptive { get; init; }

    /// <summary>The list below <c>names</c> that turns the words into the ids that the vendor takes.</summary>
    [Text(MaxLength = 63, Example = "roles")]
    public string? Names { get; init; }

    /// <summary>What the vendor takes in the place of words, by the words.</summary>
    [MaxItems(1000)]
    public IReadOnlyDictionary<string, string>? Sent { get; init; }

    /// <summary>The words for what the vendor's lists hold, by the vendor's values.</summary>
    [Default("the reverse of sent")]
    [MaxItems(1000)]
    public IReadOnlyDictionary<string, string>? Received { get; init; }

    /// <summary>Whether the vendor takes numbers.</summary>
    [Default("false")]
    public bool? Numbers { get; init; }

    /// <summary>Whether the person still has access on the day; for the form <c>end</c>, which needs it.</summary>
    public bool? Inclusive { get; init; }

    /// <summary>
    /// The zone in which the vendor counts days, as the offset from UTC; for the form <c>end</c>, which needs it. Where
    /// every server has its own, <c>+14:00</c> ends nobody's access too early.
    /// </summary>
    [Text(
        Pattern = "^([+]14:00|[+](0[0-9]|1[0-3]):[0-5][0-9]|-12:00|-(0[0-9]|1[01]):[0-5][0-9])$",
        Expected = "an offset from UTC between -12:00 and +14:00",
        Example = "+00:00"
    )]
    public string? Zone { get; init; }
}

/// <summary>The call that tells whose token it is.</summary>
public sealed partial class WhoAmIDefinition : ManifestPart
{
    /// <summary>The path below the base URL.</summary>
    [Text(Example = "/users/current.json")]
    public required string Path { get; init; }

    /// <summary>
    /// Where the login of the token's user is, as a JSON pointer; needed where people are known by logins.
    /// </summary>
    [Text(Example = "/login")]
    public string? Login { get; init; }

    /// <summary>Where the address of the token's user is, as a JSON pointer.</summary>
    [Text(Example = "/user/mail")]
    public string? Email { get; init; }

    /// <summary>
    /// What proves that this user sees all of a list and not a part; without proof nothing is planned.
    /// </summary>
    [MaxItems(10)]
    public IReadOnlyList<JsonConditionDefinition>? SeesAll { get; init; }
}

/// <summary>What holds of a JSON value.</summary>
[ExactlyOne("is", "not", "present")]
public sealed partial class JsonConditionDefinition : ManifestPart
{
    /// <summary>Where the value is, as a JSON pointer.</summary>
    [Text(MinLength = 0, Example = "/status")]
    public required string At { get; init; }

    /// <summary>The value is one of these; flags and numbers as JSON writes them.</summary>
    [MaxItems(100)]
    public IReadOnlyList<string>? Is { get; init; }

    /// <summary>The value is none of these, or is absent.</summary>
    [MaxItems(100)]
    public IReadOnlyList<string>? Not { get; init; }

    /// <summary>Whether there is such a value, besides null.</summary>
    public bool? Present { get; init; }
}
