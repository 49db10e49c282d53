using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Core.Membership.Describing;

/// <summary>Checks what a call reads first, and that all of it is sent back.</summary>
internal sealed class ReadCompiler(ListCompiler lists, Problems problems)
{
    /// <summary>The placeholders that the body may have.</summary>
    public static IEnumerable<string> Placeholders(CallDefinition call) =>
        call.Reads?.Values?.Keys.Select(Placeholder) ?? [];

    /// <summary>Compiles what a call reads; null for nothing.</summary>
    /// <param name="call">The call.</param>
    /// <param name="inPath">The placeholders that its path may have.</param>
    /// <param name="persons">Those of them that name the person.</param>
    /// <param name="body">The call's body, compiled; null for none.</param>
    public DescribedRead? Compile(
        CallDefinition call,
        IReadOnlyCollection<string> inPath,
        string[] persons,
        BodyTemplate? body
    )
    {
        if (call.Reads is not { } reads)
            return null;
        var path = PathCompiler.Compile(reads.Path, reads.Origin, inPath, problems);
        if (!path.IsEmpty && !path.SelectMany(s => s.Names).Any(persons.Contains))
            problems.Error(
                reads.Origin.At("path"),
                "names nobody, so that everybody would be sent what one person has; expected one of "
                    + string.Join(", ", persons.Select(p => $"{{{p}}}"))
            );
        if (reads.Values?.Count == 0)
            problems.Error(reads.Origin.At("values"), "names nothing; expected at least one value that is sent back");
        var sent = (body?.Names ?? []).ToHashSet(StringComparer.Ordinal);
        var values = reads.Origin["values"] as MappingNode ?? MappingNode.None;
        foreach (var entry in values.Entries.Where(e => !sent.Contains(Placeholder(e.Name))))
            problems.Error(
                entry.Key,
                $"is read and not sent back; expected {{{Placeholder(entry.Name)}}} in the body of the call"
            );
        return new(
            path,
            (reads.Values ?? new Dictionary<string, string>()).ToImmutableSortedDictionary(
                v => Placeholder(v.Key),
                v => lists.Pointer(values, v.Key, v.Value),
                StringComparer.Ordinal
            )
        );
    }

    private static string Placeholder(string name) => DescribedRead.Prefix + name;
}
