using System.Collections.Immutable;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Manifests.Files;

namespace Reconciler.Hosting;

/// <summary>Finds a provider's secrets where its manifest says, within what the runner allows.</summary>
/// <param name="variable">The environment.</param>
/// <param name="secretsFolder">The folder below which files may be read; null where none may.</param>
/// <param name="ownVariables">Environment variables that are settings of the program, and hold no tokens.</param>
public sealed class TokenReader(
    Func<string, string?> variable,
    string? secretsFolder,
    ImmutableHashSet<string> ownVariables
) : ISecretSource
{
    // A file of authorities may hold all that a system trusts.
    private const int LargestFile = 8 * 1024 * 1024;

    /// <inheritdoc/>
    public ValueTask<string> TokenAsync(DesiredProvider provider, CancellationToken cancellation) =>
        ValueTask.FromResult(Token(provider.Spec.Credentials.Token));

    /// <inheritdoc/>
    public ValueTask<string> FreshTokenAsync(DesiredProvider provider, CancellationToken cancellation) =>
        TokenAsync(provider, cancellation);

    /// <inheritdoc/>
    public string? Prepare(DesiredProvider provider)
    {
        Token(provider.Spec.Credentials.Token);
        if (provider.Spec.CaSecretRef is not null)
            throw Refuse("caSecretRef is read by the operator only; expected caFile here");
        return provider.Spec.CaFile is { } file ? File(file) : null;
    }

    /// <summary>The token; asked for each request, so that a rotated file counts at once.</summary>
    /// <exception cref="ProviderException">There is none, or it may not be read.</exception>
    public string Token(TokenSource source)
    {
        if (source.Env is { } name)
        {
            if (ownVariables.Contains(name))
                throw Refuse("credentials.token.env names a setting of this program, which is no token");
            return variable(name) is { Length: > 0 } value
                ? value
                : throw Refuse($"the environment variable {Shown(name)} is not set, so there is no token");
        }

        if (source.File is { } file)
            return File(file, "the file that credentials.token.file names").Trim();
        throw Refuse("credentials.token.secretRef is read by the operator only; expected env or file here");
    }

    /// <summary>A file below the folder of secrets.</summary>
    /// <param name="path">Its path below the folder.</param>
    /// <param name="named">What it is called in messages; null for its path.</param>
    /// <exception cref="ProviderException">There is none, or it lies elsewhere.</exception>
    public string File(string path, string? named = null)
    {
        named ??= $"the file {path}";
        if (secretsFolder is null)
            throw Refuse($"{named} cannot be read: run with --secrets-dir, the folder that it lies below");
        try
        {
            var root = Real(secretsFolder);
            var real = Real(Path.Combine(secretsFolder, path));
            if (!real.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal))
                throw Refuse($"{named} lies outside --secrets-dir");
            return UserFile.ReadRegularText(real, LargestFile);
        }
        catch (UnfitFileException unfit)
        {
            throw Refuse($"{named} below --secrets-dir {unfit.What}");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Refuse($"{named}, below --secrets-dir, cannot be read: {unreadable.GetType().Name}");
        }
    }

    // Only a name that begins as ours do is shown: anything else may be a token that somebody pasted.
    private static string Shown(string name) =>
        name.StartsWith("RECONCILER_", StringComparison.Ordinal)
        && name.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_')
            ? name
            : "that credentials.token.env names";

    // Kubernetes mounts secrets as links to a folder that it replaces, so every link in the path is followed.
    private static string Real(string path) => RealPath.Of(path) ?? throw new IOException("it does not exist");

    private static ProviderException Refuse(string message) => new(ProviderFault.Configuration, message);
}
