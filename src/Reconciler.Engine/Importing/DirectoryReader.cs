using System.Collections.Immutable;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;

namespace Reconciler.Engine.Importing;

/// <summary>The projects of one connection, as the vendor lists them.</summary>
/// <param name="Provider">The connection.</param>
/// <param name="Projects">The projects; null where the list was not read.</param>
/// <param name="Failure">
/// The reason why the list could not be read; null where it was read, or where the vendor has no such list.
/// </param>
public sealed record ListedProvider(DesiredProvider Provider, ImmutableArray<NamedPlace>? Projects, string? Failure);

/// <summary>
/// Lists the projects of every connection whose vendor has such a list. A connection that fails does not stop the
/// others.
/// </summary>
/// <param name="connections">Opens the connection of a provider; may throw a <see cref="ProviderException"/>.</param>
public sealed class DirectoryReader(Func<DesiredProvider, ProviderConnection> connections)
{
    /// <summary>Lists the projects of all connections in parallel.</summary>
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

/// <summary>Reads projects, and adds the names from a list of projects where the reading has none.</summary>
/// <param name="reader">Reads the projects.</param>
/// <param name="names">The names, by project id.</param>
public sealed class NamedReader(IProjectReader reader, IReadOnlyDictionary<string, string?> names) : IProjectReader
{
    /// <summary>Reads a project, with the name from the list where the reading has none.</summary>
    /// <exception cref="ProviderException">The project cannot be read completely.</exception>
    /// <exception cref="OperationCanceledException">Cancelled between two requests.</exception>
    public async Task<LiveProject> ReadAsync(DesiredProject project, CancellationToken cancellation)
    {
        var live = await reader.ReadAsync(project, cancellation);
        return live with { Name = live.Name ?? names.GetValueOrDefault(project.ProjectId) };
    }
}
