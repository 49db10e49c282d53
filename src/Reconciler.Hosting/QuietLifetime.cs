using Microsoft.Extensions.Hosting;

namespace Reconciler.Hosting;

/// <summary>A host's life that no signal of its own ends: the command line hears the signals.</summary>
public sealed class QuietLifetime : IHostLifetime
{
    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
