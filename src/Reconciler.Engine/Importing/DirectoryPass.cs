using System.Collections.Immutable;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;

namespace Reconciler.Engine.Importing;

/// <summary>The projects of one connection as its vendor lists them.</summary>
/// <param name="Provider">The connection.</param>
/// <param name="Projects">The projects; null where they were not listed.</param>
/// <param name="Failure">Why the list could not be read; null where it was, or where the vendor has none.</param>
public sealed record ListedProvider(DesiredProvider Provider, ImmutableArray<NamedPlace>? Projects, string? Failure);

/// <summary>Lists the projects of every connection that can. One that fails never stops the others.</summary>
/// <param name="connections">
/// Gives each provider's connection; may refuse with a <see cref="ProviderException"/>.
/// </param>
public sealed class DirectoryPass(Func<DesiredProvider, ProviderConnection> connections)
{
    /// <summary>Lists, all connections at one time.</summary>
    /// <param name="providers">The connections.</param>
    /// <param name="cancellation">Stops between requests.</param>
    public async Task<ImmutableArray<ListedProvider>> RunAsync(
        IEnumerable<DesiredProvider> providers,
        CancellationToken cancellation
    ) => [.. await Task.WhenAll(providers.Select(p => ListAsync(p, cancellation)))];

    private async Task<ListedProvider> ListAsync(DesiredProvider provider, CancellationToken cancellation)
    {
        try
        {
            return new(
                provider,
                connections(provider).Directory is { } directory ? await directory.ListAsync(cancellation) : null,
                null
            );
        }
        catch (ProviderException failure)
        {
            return new(provider, null, failure.Message);
        }
        catch (Exception unforeseen) when (unforeseen is not OperationCanceledException)
        {
            return new(provider, null, $"not foreseen: {unforeseen.GetType().Name}: {unforeseen.Message}");
        }
    }
}

/// <summary>Reads as another reader does, and shows projects with the names that a list of projects has.</summary>
/// <param name="reader">Reads.</param>
/// <param name="names">The names by the projects' ids.</param>
public sealed class NamedReader(IProjectReader reader, IReadOnlyDictionary<string, string?> names) : IProjectReader
{
    /// <summary>Reads a project; where the reader finds no name for it, the list's name is used.</summary>
    /// <exception cref="ProviderException">The project cannot be read whole.</exception>
    /// <exception cref="OperationCanceledException">Cancelled between two requests.</exception>
    public async Task<LiveProject> ReadAsync(DesiredProject project, CancellationToken cancellation)
    {
        var live = await reader.ReadAsync(project, cancellation);
        return live with { Name = live.Name ?? names.GetValueOrDefault(project.ProjectId) };
    }
}
