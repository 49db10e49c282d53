namespace Reconciler.Sources.Git;

/// <summary>Which repository is followed, how it is reached, and what it may hold.</summary>
/// <param name="Url">
/// Its address: https, ssh, <c>user@host:path</c>, <c>file:///</c>; http on loopback only. No credentials.
/// </param>
/// <param name="Folder">
/// A folder of the source's own, for the repository's copy and its checkouts. It is made where it is missing.
/// </param>
public sealed record GitSettings(string Url, string Folder)
{
    /// <summary>The branch; null for the repository's default branch, or a tag.</summary>
    public string? Branch { get; init; }

    /// <summary>The tag, in place of a branch. Where it moves, it is followed.</summary>
    public string? Tag { get; init; }

    /// <summary>The folder of the repository that holds the manifests.</summary>
    public string Path { get; init; } = ".";

    /// <summary>A file with the token or password, read at each fetch; https only.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The user that the token is sent with. Most hosts take any.</summary>
    public string UserName { get; init; } = "git";

    /// <summary>A file with certificates of authorities, in place of the system's; https only.</summary>
    public string? CaFile { get; init; }

    /// <summary>A file with the private key; ssh only.</summary>
    public string? SshKeyFile { get; init; }

    /// <summary>A file with the host's keys; ssh only. No other host is spoken to.</summary>
    public string? KnownHostsFile { get; init; }

    /// <summary>
    /// A file or a folder of public keys (lines of allowed signers or of public keys of SSH, PGP public keys). Where it
    /// is given, a commit counts only if one of them signed it.
    /// </summary>
    public string? VerifyKeys { get; init; }

    /// <summary>Whether a commit may hold no manifest; nothing counts as deleted by it.</summary>
    public bool AllowsEmpty { get; init; }

    /// <summary>How much the folder of manifests may hold.</summary>
    internal SourceLimits Limits { get; init; } = SourceLimits.Default;

    /// <summary>
    /// How large the copy of the repository may become. Git fetches a commit whole, and one push of a huge file must
    /// not fill the disk.
    /// </summary>
    internal long MaxCopyBytes { get; init; } = 1024L * 1024 * 1024;

    /// <summary>How long one fetch may take, with everything it needs.</summary>
    internal TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// What cannot be right whatever the repository is like, each with the setting that it is about, as a worker's
    /// settings name it.
    /// </summary>
    /// <param name="address">The address, as it was read.</param>
    public IEnumerable<(string Field, string Message)> Problems(GitAddress address)
    {
        if (!address.IsHttp && TokenFile is not null)
            yield return (
                "tokenFile",
                "a token file is given, and the repository's address is none of https; give a key file for ssh"
            );
        if (!address.IsHttp && CaFile is not null)
            yield return ("caFile", "a file of authorities is given, and the repository's address is none of https");
        if (!address.IsSsh && (SshKeyFile ?? KnownHostsFile) is not null)
            yield return (
                SshKeyFile is null ? "knownHostsFile" : "sshKeyFile",
                "an SSH key or a known_hosts file is given, and the repository's address is none of ssh; "
                    + "give a token file for https"
            );
        if (address.IsSsh && (SshKeyFile is null || KnownHostsFile is null))
            yield return (
                SshKeyFile is null ? "sshKeyFile" : "knownHostsFile",
                "an address of ssh needs a key file and a known_hosts file: the host is verified always, "
                    + "and neither an agent nor the user's own files are used"
            );
        if (KnownHostsFile?.Contains('"', StringComparison.Ordinal) == true)
            yield return ("knownHostsFile", "the name of the known_hosts file holds a quotation mark");
        if (UserName.Length == 0 || UserName.Any(c => c == ':' || char.IsControl(c)))
            yield return ("username", "the user of the token is empty, or holds a colon");
        if (Timeout <= TimeSpan.Zero)
            yield return ("timeout", "the time of a fetch is none; expected more than zero");
    }
}
