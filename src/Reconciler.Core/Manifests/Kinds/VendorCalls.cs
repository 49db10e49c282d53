using Reconciler.Core.Manifests.Shapes;

namespace Reconciler.Core.Manifests.Kinds;

/// <summary>The calls that change something.</summary>
public sealed partial class CallDefinitions : ManifestPart
{
    /// <summary>Invites a person, or adds one who is a member at once.</summary>
    public CallDefinition? Invite { get; init; }

    /// <summary>Changes a member's access.</summary>
    [Default("give and take, where they are")]
    public CallDefinition? Update { get; init; }

    /// <summary>Changes the access of an invitation.</summary>
    [Default("give and take where they name {entry.id}, or else revoke, and then invite")]
    public CallDefinition? Replace { get; init; }

    /// <summary>
    /// Gives one word of access, <c>{access.FIELD.each}</c>, for vendors where each word is a call of its own. All new
    /// words are given before one is taken.
    /// </summary>
    public CallDefinition? Give { get; init; }

    /// <summary>Takes one word of access; needed with give.</summary>
    public CallDefinition? Take { get; init; }

    /// <summary>Sends an invitation's mail again.</summary>
    public CallDefinition? Resend { get; init; }

    /// <summary>Revokes an invitation.</summary>
    public CallDefinition? Revoke { get; init; }

    /// <summary>Takes a member out of the project.</summary>
    public CallDefinition? Remove { get; init; }

    /// <summary>Takes away what a member has directly, where something else is inherited.</summary>
    [Default("remove")]
    public CallDefinition? RemoveDirect { get; init; }
}

/// <summary>The methods of calls that change something.</summary>
public enum CallMethod
{
    /// <summary>POST.</summary>
    [Word("POST")]
    Post,

    /// <summary>PUT.</summary>
    [Word("PUT")]
    Put,

    /// <summary>PATCH.</summary>
    [Word("PATCH")]
    Patch,

    /// <summary>DELETE.</summary>
    [Word("DELETE")]
    Delete,
}

/// <summary>What a call does when it is sent twice.</summary>
public enum CallEffect
{
    /// <summary>The same as when it is sent once, so that it may be repeated after a failure.</summary>
    Idempotent,

    /// <summary>A mail each time, so that it is repeated only where the vendor certainly did nothing.</summary>
    Mails,

    /// <summary>
    /// Something else each time, such as an owner who moves on, so that it is repeated only where the vendor certainly
    /// did nothing.
    /// </summary>
    Transfers,
}

/// <summary>A call that changes something.</summary>
public sealed partial class CallDefinition : ManifestPart
{
    /// <summary>The HTTP method.</summary>
    public required CallMethod Method { get; init; }

    /// <summary>
    /// The path below the base URL, with <c>{project}</c>, <c>{email}</c>, <c>{login}</c>, <c>{person.id}</c>,
    /// <c>{member.id}</c>, <c>{member.person}</c>, <c>{invitation.id}</c>, <c>{entry.id}</c>, each a part of one
    /// segment.
    /// </summary>
    [Text(Example = "/projects/{project}/memberships.json")]
    public required string Path { get; init; }

    /// <summary>What it does when it is sent twice. Invite, replace and resend count as mails in any case.</summary>
    public required CallEffect Effect { get; init; }

    /// <summary>
    /// The JSON body: a text that is one placeholder becomes its value, with its type; <c>{access.FIELD?}</c> leaves
    /// the key out where there is no value; an item of a list with <c>{access.FIELD.each}</c> in it is repeated for
    /// each word.
    /// </summary>
    [Default("no body")]
    public JsonTemplate? Body { get; init; }

    /// <summary>
    /// What is read just before an update and sent back with it, for vendors whose update empties what it does not
    /// repeat.
    /// </summary>
    [Default("nothing")]
    public CallReadDefinition? Reads { get; init; }

    /// <summary>
    /// What this call takes in the place of words, by the words, where it differs from <c>sent</c> of the fields.
    /// </summary>
    [MaxItems(1000)]
    public IReadOnlyDictionary<string, string>? Sent { get; init; }

    /// <summary>The most people of one call; then the body has <c>{emails}</c>.</summary>
    [Number(1, 1000)]
    [Default("1")]
    public int? Batch { get; init; }

    /// <summary>What the call destroys besides, for people to read before it is applied.</summary>
    public string? Destroys { get; init; }

    /// <summary>What proves that it is done.</summary>
    [Default("nothing: the project is read again")]
    public ProofDefinition? Proof { get; init; }

    /// <summary>
    /// The call that sends the mail, for vendors where invite only makes the account. It is sent once.
    /// </summary>
    [Default("none: the call itself sends the mail")]
    public MailCallDefinition? Then { get; init; }
}

/// <summary>What is read just before an update, and sent back with it.</summary>
public sealed partial class CallReadDefinition : ManifestPart
{
    /// <summary>The path below the base URL of what is read, with the placeholders of the call's own path.</summary>
    [Text(Example = "/organizations/{project}/members/{member.id}")]
    public required string Path { get; init; }

    /// <summary>
    /// Where each value is in the answer, as a JSON pointer, by the name that follows <c>read.</c> in the placeholder
    /// of the body: <c>teamRoles</c> for <c>{read.teamRoles}</c>.
    /// </summary>
    [MaxItems(20)]
    public required IReadOnlyDictionary<string, string> Values { get; init; }
}

/// <summary>The call that sends the mail to somebody whose account was just made.</summary>
public sealed partial class MailCallDefinition : ManifestPart
{
    /// <summary>Where the id of what was made is in the answer of the first call, as a JSON pointer.</summary>
    [Text(Example = "/data/id")]
    public required string Made { get; init; }

    /// <summary>The HTTP method.</summary>
    public required CallMethod Method { get; init; }

    /// <summary>The path below the base URL, with <c>{made.id}</c> in it or in the body.</summary>
    [Text(Example = "/users/{made.id}/invitations")]
    public required string Path { get; init; }

    /// <summary>The JSON body.</summary>
    [Default("no body")]
    public JsonTemplate? Body { get; init; }
}

/// <summary>What proves that a call is done.</summary>
[NotEmpty]
public sealed partial class ProofDefinition : ManifestPart
{
    /// <summary>Whether a status of success is proof enough.</summary>
    [Default("false")]
    public bool? Status { get; init; }

    /// <summary>Where the items are in the answer of a call for several people, as a JSON pointer.</summary>
    [Text(MinLength = 0, Example = "/data/invitations")]
    public string? Items { get; init; }

    /// <summary>What holds of the answer, or of each item.</summary>
    [MaxItems(10)]
    public IReadOnlyList<JsonConditionDefinition>? Where { get; init; }

    /// <summary>Where the person's address is in the answer, as a JSON pointer.</summary>
    [Text(Example = "/email")]
    public string? Email { get; init; }

    /// <summary>Where the id of the membership or invitation is in the answer, as a JSON pointer.</summary>
    [Text(Example = "/id")]
    public string? Id { get; init; }

    /// <summary>Where the access is in the answer, by the fields of access.</summary>
    [MaxItems(20)]
    public IReadOnlyDictionary<string, AccessSourceDefinition>? Access { get; init; }
}

/// <summary>What a refused invitation means.</summary>
public sealed partial class RefusalDefinition : ManifestPart
{
    /// <summary>The status of the answer.</summary>
    [Number(400, 499)]
    public required int Status { get; init; }

    /// <summary>Where the vendor's code is in the body, as a JSON pointer.</summary>
    [Text(Example = "/error/code")]
    public required string At { get; init; }

    /// <summary>The code.</summary>
    [Text(Example = "seats_exhausted")]
    public required string Is { get; init; }

    /// <summary>What it means.</summary>
    public required RefusalMeaning Means { get; init; }
}

/// <summary>What a refused invitation means.</summary>
public enum RefusalMeaning
{
    /// <summary>The account has no seat left.</summary>
    [Word("noSeat")]
    NoSeat,

    /// <summary>The account accepts no more invitations for a time.</summary>
    [Word("invitationsSpent")]
    InvitationsSpent,
}
