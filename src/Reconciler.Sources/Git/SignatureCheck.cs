using System.Text;
using Reconciler.Manifests;

namespace Reconciler.Sources.Git;

/// <summary>
/// Accepts only commits that one of the given keys signed. For a followed tag its own signature counts as well, because
/// its signer chose the commit. Keys of the machine or the user are not used.
/// </summary>
/// <param name="folder">A folder for the keys.</param>
internal sealed class SignatureCheck(string folder)
{
    private string _imported = "";

    private string Signers => Path.Combine(folder, "allowed_signers");

    private string Home => Path.Combine(folder, "gnupg");

    /// <summary>Refuses commits that none of the keys signed.</summary>
    /// <returns>Who signed it.</returns>
    /// <exception cref="SourceException">The commit is not signed, or not by one of the keys.</exception>
    public async Task<string> RunAsync(
        LocalRepository repository,
        string keysPath,
        Fetched fetched,
        GitRef follow,
        string origin,
        CancellationToken cancellation
    )
    {
        var keys = VerifyKeys.Read(keysPath);
        var environment = repository
            .Environment()
            .With(
                [
                    ("gpg.ssh.allowedSignersFile", Signers),
                    ("gpg.program", "gpg"),
                    ("gpg.ssh.program", "ssh-keygen"),
                    ("gpg.x509.program", "/nonexistent"),
                    ("gpg.minTrustLevel", "undefined"),
                ],
                [("GNUPGHOME", Home)]
            );
        await ImportAsync(keys, keysPath, environment, cancellation);
        if (fetched.IsTagged && await SignedTagAsync(repository, environment, fetched, follow, cancellation) is { } tag)
            return SignerOf(tag.Errors);
        var (ended, _) = await LocalRepository.TryAsync(
            ["verify-commit", "--raw", fetched.Commit],
            environment,
            cancellation
        );
        if (IsGood(ended))
            return SignerOf(ended.Errors);
        throw new SourceException(
            $"commit {fetched.Commit[..12]} of {origin} {Why(ended.Errors)}; the keys are those of {keysPath}"
        );
    }

    // The name inside the tag must be the followed one; otherwise another signed tag could be put in its place.
    private static async Task<Ended?> SignedTagAsync(
        LocalRepository repository,
        GitEnvironment environment,
        Fetched fetched,
        GitRef follow,
        CancellationToken cancellation
    )
    {
        var tag = Encoding.UTF8.GetString(
            await repository.LocalAsync(["cat-file", "tag", fetched.Object], cancellation)
        );
        var header = tag.Split("\n\n", 2)[0].Split('\n');
        if (
            !header.Contains($"tag {follow.Tag}", StringComparer.Ordinal)
            || !header.Contains($"object {fetched.Commit}", StringComparer.Ordinal)
        )
            return null;
        var (ended, _) = await LocalRepository.TryAsync(
            ["verify-tag", "--raw", fetched.Object],
            environment,
            cancellation
        );
        return IsGood(ended) ? ended : null;
    }

    // Returns the signer: the principal of an SSH key, or the user id of a PGP key.
    private static string SignerOf(string words)
    {
        const string Ssh = "Good \"git\" signature for ",
            Pgp = "[GNUPG:] GOODSIG ";
        foreach (var line in words.Split('\n').Select(l => l.Trim()))
        {
            if (line.StartsWith(Ssh, StringComparison.Ordinal))
                return line[Ssh.Length..].Split(" with ")[0];
            if (line.StartsWith(Pgp, StringComparison.Ordinal))
                return line[Pgp.Length..].Split(' ', 2)[^1];
        }

        return "one of the given keys";
    }

    // The output is checked as well as the exit code, so that a signature by an unknown key is never accepted, whatever
    // a version of git returns.
    private static bool IsGood(Ended ended) =>
        ended.IsGood
        && (
            ended.Errors.Contains("[GNUPG:] VALIDSIG ", StringComparison.Ordinal)
            || ended.Errors.Contains("Good \"git\" signature for ", StringComparison.Ordinal)
        );

    private static string Why(string errors)
    {
        if (
            errors.Contains("No principal matched", StringComparison.Ordinal)
            || errors.Contains("[GNUPG:] NO_PUBKEY", StringComparison.Ordinal)
            || errors.Contains("allowedSignersFile", StringComparison.Ordinal)
        )
            return "is signed with a key that is not among the given ones";
        if (errors.Contains("[GNUPG:] EXPKEYSIG", StringComparison.Ordinal))
            return "is signed with a key that has expired";
        if (errors.Contains("[GNUPG:] REVKEYSIG", StringComparison.Ordinal))
            return "is signed with a key that was revoked";
        return errors.Trim().Length == 0 ? "is not signed" : "has a signature that is not good";
    }

    private async Task ImportAsync(
        VerifyKeys keys,
        string keysPath,
        GitEnvironment environment,
        CancellationToken cancellation
    )
    {
        if (_imported == keys.Digest && File.Exists(Signers))
            return;
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        PrivateFolder.Create(Home);
        await using (var file = PrivateFolder.NewFile(Signers))
            await file.WriteAsync(
                Encoding.UTF8.GetBytes(string.Concat(keys.Signers.Select(s => s + "\n"))),
                cancellation
            );
        for (var i = 0; i < keys.Pgp.Count; i++)
        {
            var key = Path.Combine(folder, $"{i:D4}.pgp");
            await using (var file = PrivateFolder.NewFile(key))
                await file.WriteAsync(keys.Pgp[i], cancellation);
            var (ended, _) = await new ChildProcess("gpg", environment.Variables).RunAsync(
                ["--batch", "--no-tty", "--quiet", "--no-autostart", "--import", key],
                cancellation
            );
            if (!ended.IsGood)
                throw new SourceException(
                    $"a PGP key of {keysPath} cannot be imported: {GitErrors.Text(ended.Errors, [])}"
                );
        }

        _imported = keys.Digest;
    }
}
