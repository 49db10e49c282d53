namespace Reconciler.Core.Ledgers;

/// <summary>
/// Who did something, on which machine, in which run, and from which source. A text is empty if it is not known.
/// </summary>
public sealed record AuditOrigin
{
    /// <summary>An origin of which nothing is known.</summary>
    public static AuditOrigin Unknown { get; } = new();

    /// <summary>The user or service account; in CI the one from the environment.</summary>
    public string Actor { get; init; } = "";

    /// <summary>The machine or pod, and in CI the service that ran it.</summary>
    public string Host { get; init; } = "";

    /// <summary>The address of the CI run.</summary>
    public string Run { get; init; } = "";

    /// <summary>The program and its version.</summary>
    public string Program { get; init; } = "";

    /// <summary>The repository or folder that the manifests came from, without credentials.</summary>
    public string Repository { get; init; } = "";

    /// <summary>The revision of the source: a commit, or another id.</summary>
    public string Revision { get; init; } = "";

    /// <summary>The commit that wrote the declaring line; empty without a git history.</summary>
    public string Commit { get; init; } = "";

    /// <summary>
    /// Who wrote that line, as the commit claims, or why that is not known. Git does not verify authors.
    /// </summary>
    public string Author { get; init; } = "";

    /// <summary>Who signed the revision, where signatures are checked; empty if they are not.</summary>
    public string Signer { get; init; } = "";
}
