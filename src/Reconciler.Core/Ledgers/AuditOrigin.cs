namespace Reconciler.Core.Ledgers;

/// <summary>
/// Who did something, on which machine, in which run, and from which source. A text is empty where nobody told.
/// </summary>
public sealed record AuditOrigin
{
    /// <summary>Nothing is known.</summary>
    public static AuditOrigin Unknown { get; } = new();

    /// <summary>The user or service account; in CI the one that the environment names.</summary>
    public string Actor { get; init; } = "";

    /// <summary>The machine or pod, and in CI the service that ran it.</summary>
    public string Host { get; init; } = "";

    /// <summary>The address of the CI run.</summary>
    public string Run { get; init; } = "";

    /// <summary>The program and its version.</summary>
    public string Program { get; init; } = "";

    /// <summary>The repository or folder that the manifests came from, without credentials.</summary>
    public string Repository { get; init; } = "";

    /// <summary>The revision of it: a commit, or what else names it.</summary>
    public string Revision { get; init; } = "";

    /// <summary>The commit that wrote the declaring line; empty where no history tells.</summary>
    public string Commit { get; init; } = "";

    /// <summary>Who wrote that line, as the commit claims, or why nobody knows. Git checks no author.</summary>
    public string Author { get; init; } = "";

    /// <summary>Who signed the revision, where signatures are checked; empty where they are not.</summary>
    public string Signer { get; init; } = "";
}
