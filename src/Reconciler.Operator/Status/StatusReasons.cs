namespace Reconciler.Operator.Status;

/// <summary>The reasons of conditions, as <c>kubectl</c> shows them.</summary>
internal static class StatusReasons
{
    /// <summary>Changes are being made, or a deletion waits.</summary>
    public const string Progressing = "Progressing";

    /// <summary>The resource, one that it uses, or its ledger is wrong.</summary>
    public const string Invalid = "Invalid";

    /// <summary>A resource that it names does not exist.</summary>
    public const string ReferenceNotFound = "ReferenceNotFound";

    /// <summary>The Secret is missing, or holds no usable token or certificates.</summary>
    public const string SecretNotFound = "SecretNotFound";

    /// <summary>The vendor refuses the token.</summary>
    public const string CredentialsRefused = "CredentialsRefused";

    /// <summary>The token has no right to the project.</summary>
    public const string Forbidden = "Forbidden";

    /// <summary>The vendor has no such project, or hides it from the token.</summary>
    public const string ProjectNotFound = "ProjectNotFound";

    /// <summary>The vendor refuses what is declared.</summary>
    public const string Refused = "Refused";

    /// <summary>The vendor does not answer, or not as it should.</summary>
    public const string Unreachable = "Unreachable";

    /// <summary>The vendor asked to wait.</summary>
    public const string RateLimited = "RateLimited";

    /// <summary>It failed, and is tried again.</summary>
    public const string Failed = "Failed";

    /// <summary>No membership has the vendor asked.</summary>
    public const string NotUsed = "NotUsed";

    /// <summary>A limit holds the plan.</summary>
    public const string Held = "Held";

    /// <summary>More people are declared than a status can remember.</summary>
    public const string TooManyMembers = "TooManyMembers";

    /// <summary>Another membership owns the project.</summary>
    public const string ProjectTaken = "ProjectTaken";

    /// <summary>A VendorDefinition can be named by AccessProviders.</summary>
    public const string Accepted = "Accepted";

    /// <summary>A VendorDefinition has the name of a vendor that the program knows by itself.</summary>
    public const string NameTaken = "NameTaken";

    /// <summary>It is deleted, and its people cannot be removed.</summary>
    public const string CannotRevoke = "CannotRevoke";
}
