using Microsoft.Extensions.Logging;
using Reconciler.Core.Ports;
using Reconciler.Manifests.Loading;

namespace Reconciler.Hosting;

/// <summary>The surroundings of a worker or operator, so that tests can give other ones.</summary>
/// <param name="Loader">Reads manifests with the vendors that this program knows.</param>
/// <param name="Secrets">
/// Gives the source of tokens for the folder below which token files may lie; null where none may.
/// </param>
public sealed record HostEnvironment(ManifestLoader Loader, Func<string?, ISecretSource> Secrets)
{
    /// <summary>The folder that relative paths start from.</summary>
    public string Folder { get; init; } = ".";

    /// <summary>Gives an environment variable; null where it is not set.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>The time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// The time of a right that processes share: that of other processes is real, whatever <see cref="Clock"/> is.
    /// </summary>
    public TimeProvider SharedClock { get; init; } = TimeProvider.System;

    /// <summary>Where logs go; null for the standard output.</summary>
    public ILoggerProvider? Logs { get; init; }
}
