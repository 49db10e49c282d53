namespace Reconciler.Sources.Git;

/// <summary>The settings of a git source: the repository, how to reach it, and its limits.</summary>
/// <param name="Url">
/// The repository's address: https, ssh, <c>user@host:path</c>, <c>file:///</c>; http on loopback only. No credentials.
/// </param>
/// <param name="Folder">
/// A folder for the repository's copy and its checkouts, used by this source alone; created if it is missing.
/// </param>
public sealed record GitSettings(string Url, string Folder)
{
    /// <summary>The branch; null for the repository's default branch, or if a tag is given.</summary>
    public string? Branch { get; init; }

    /// <summary>The tag to follow instead of a branch, even if it moves.</summary>
    public string? Tag { get; init; }

    /// <summary>The folder of the repository that holds the manifests.</summary>
    public string Path { get; init; } = ".";

    /// <summary>A file with the token or password, read at each fetch; https only. Null for none.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The user name that is sent with the token. Most hosts accept any.</summary>
    public string UserName { get; init; } = "git";

    /// <summary>A file with the certificate authorities to trust instead of the system's; https only.</summary>
    public string? CaFile { get; init; }

    /// <summary>A file with the private key; ssh only.</summary>
    public string? SshKeyFile { get; init; }

    /// <summary>A file with the host's keys; ssh only. Other hosts are refused.</summary>
    public string? KnownHostsFile { get; init; }

    /// <summary>
    /// A file or a folder of public keys (allowed signers or SSH public keys, PGP public keys). If it is given, a
    /// commit is only used if one of them signed it.
    /// </summary>
    public string? VerifyKeys { get; init; }

    /// <summary>Whether a commit may hold no manifests. Such a commit deletes nothing.</summary>
    public bool AllowsEmpty { get; init; }

    /// <summary>The limits of the folder of manifests.</summary>
    internal SourceLimits Limits { get; init; } = SourceLimits.Default;

    /// <summary>
    /// The largest size of the repository's copy, in bytes. Git fetches a commit completely, and one push of a huge
    /// file must not fill the disk.
    /// </summary>
    internal long MaxCopyBytes { get; init; } = 1024L * 1024 * 1024;

    /// <summary>The longest time for one fetch.</summary>
    internal TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Returns the problems of the settings that do not depend on the repository, each with the name of the setting.
    /// </summary>
    /// <param name="address">The parsed address.</param>
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
