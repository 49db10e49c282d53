using System.Collections.Concurrent;
using System.Collections.Immutable;
using Reconciler.Core.Importing;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;

namespace Reconciler.Engine.Importing;

/// <summary>The result of reading projects that no manifest declares.</summary>
/// <param name="Read">The projects that were read completely, in the given order.</param>
/// <param name="Failures">The other projects, each with the reason.</param>
public sealed record ImportReading(
    ImmutableArray<ReadProject> Read,
    ImmutableArray<(NamedPlace Place, string Message)> Failures
);

/// <summary>
/// Reads projects that no manifest declares. It has a reader only, so it cannot write. A project that fails does not
/// stop the others.
/// </summary>
/// <param name="provider">The connection's manifest.</param>
/// <param name="reader">Reads the projects.</param>
public sealed class ImportReader(DesiredProvider provider, IProjectReader reader)
{
    /// <summary>Reads the projects.</summary>
    /// <param name="places">The projects.</param>
    /// <param name="onRead">Called after each project, with the result or the error, from any thread.</param>
    /// <param name="cancellation">Stops between requests.</param>
    public async Task<ImportReading> RunAsync(
        ImmutableArray<NamedPlace> places,
        Action<NamedPlace, LiveProject?, string?>? onRead,
        CancellationToken cancellation
    )
    {
        var read = new ConcurrentDictionary<string, LiveProject>(StringComparer.Ordinal);
        var failed = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = provider.MaxConcurrency,
            CancellationToken = cancellation,
        };
        await Parallel.ForEachAsync(
            places,
            options,
            async (place, token) =>
            {
                try
                {
                    read[place.Id] = await reader.ReadAsync(
                        new($"{provider.Id}:{place.Id}", provider, place.Id, []),
                        token
                    );
                }
                catch (ProviderException failure)
                {
                    failed[place.Id] = failure.Message;
                }
                catch (Exception unforeseen) when (unforeseen is not OperationCanceledException)
                {
                    failed[place.Id] = $"not foreseen: {unforeseen.GetType().Name}: {unforeseen.Message}";
                }

                onRead?.Invoke(place, read.GetValueOrDefault(place.Id), failed.GetValueOrDefault(place.Id));
            }
        );
        return new(
            [
                .. places
                    .Where(p => read.ContainsKey(p.Id))
                    .Select(p => new ReadProject(p with { Name = p.Name ?? read[p.Id].Name }, read[p.Id])),
            ],
            [.. places.Where(p => failed.ContainsKey(p.Id)).Select(p => (p, failed[p.Id]))]
        );
    }
}
