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

    /// <summary>More people are declared than a status can remember.</summary>
    public const string TooManyMembers = "TooManyMembers";

    /// <summary>Another membership owns the project.</summary>
    public const string ProjectTaken = "ProjectTaken";

    /// <summary>It is deleted, and its people cannot be removed.</summary>
    public const string CannotRevoke = "CannotRevoke";
}
