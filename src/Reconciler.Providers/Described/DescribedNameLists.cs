using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Describing;
using Reconciler.Core.Ports;

namespace Reconciler.Providers.Described;

/// <summary>The lists of names of each project from its last reading, since writes need the ids.</summary>
internal sealed class DescribedNameLists(DescribedApi api, Vendor vendor)
{
    private readonly ConcurrentDictionary<(string Project, string List), NameTable> _seen = new();

    /// <summary>Keeps what a reading has seen.</summary>
    public void Keep(string project, string list, NameTable table) => _seen[(project, list)] = table;

    /// <summary>What the last reading of a project has seen, by the lists.</summary>
    public IReadOnlyDictionary<string, NameTable> Of(string project) =>
        vendor
            .Description!.Names.Keys.Where(n => _seen.ContainsKey((project, n)))
            .ToDictionary(n => n, n => _seen[(project, n)], StringComparer.Ordinal);

    /// <summary>Reads a list.</summary>
    public async Task<NameTable> ReadAsync(string project, string list, CancellationToken cancellation)
    {
        var names = vendor.Description!.Names[list];
        var table = new NameTable();
        foreach (var item in await api.ListAsync(names.List, project, names.Id, cancellation))
            table.Add(item.Text(names.Id), item.IsNumber(names.Id), item.Text(names.Name));
        Keep(project, list, table);
        return table;
    }

    /// <summary>Finds the ids of words, and reads the list where the last reading did not have one of them.</summary>
    /// <exception cref="ProviderException">No name, or several, have a word.</exception>
    public async Task<ImmutableArray<JsonNode>> IdsAsync(
        string project,
        DescribedField field,
        IEnumerable<string> words,
        CancellationToken cancellation
    )
    {
        var ids = ImmutableArray.CreateBuilder<JsonNode>();
        foreach (var word in words)
        {
            if (_seen.TryGetValue((project, field.Names!), out var known) && known.IdOf(word) is { } id)
            {
                ids.Add(known.Written(id));
                continue;
            }

            var table = await ReadAsync(project, field.Names!, cancellation);
            ids.Add(
                table.IdOf(word) is { } found
                    ? table.Written(found)
                    : throw new ProviderException(
                        ProviderFault.Refused,
                        $"nothing was sent: {field.Name}: {table.Problem(word)}"
                    )
            );
        }

        return ids.ToImmutable();
    }
}
