using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Ports;

namespace Reconciler.Engine.Applying;

/// <summary>An audit entry that is about to be written, with the manifest line that caused it.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Line">The line that declared the action; <see cref="Position.None"/> where no line did.</param>
public sealed record AuditNote(AuditEntry Entry, Position Line);

/// <summary>
/// Describes who runs, where, and from which source. The host creates one for each run, and every audit entry of the
/// run contains it.
/// </summary>
/// <param name="run">The actor, the host, the run and the program.</param>
/// <param name="history">Finds the commits of manifest lines; null where there is no history.</param>
public sealed class AuditContext(AuditOrigin run, IDeclarationHistory? history)
{
    /// <summary>A context in which actor and source are unknown.</summary>
    public static AuditContext None { get; } = new(AuditOrigin.Unknown, null);

    /// <summary>
    /// Completes audit entries with the context. The authors of all lines are looked up in one query.
    /// </summary>
    /// <param name="notes">The entries.</param>
    public async Task<ImmutableArray<AuditEntry>> CompleteAsync(IReadOnlyList<AuditNote> notes)
    {
        if (notes.Count == 0)
            return [];
        if (history is null)
            return [.. notes.Select(n => n.Entry with { Origin = run })];
        var origin = await history.OriginAsync(CancellationToken.None);
        var lines = notes.Select(n => n.Line).Where(l => l.Line > 0).Distinct().ToList();
        var written = lines.Count == 0 ? null : await history.LinesAsync(lines, CancellationToken.None);
        return [.. notes.Select(n => n.Entry with { Origin = Of(origin, written?.GetValueOrDefault(n.Line)) })];
    }

    /// <summary>Who runs, with the repository and revision of the manifests.</summary>
    public async Task<AuditOrigin> OriginAsync() =>
        history is null ? run : Of(await history.OriginAsync(CancellationToken.None), line: null);

    /// <summary>Completes an audit entry that no manifest line caused.</summary>
    /// <param name="entry">The entry.</param>
    public async Task<AuditEntry> CompleteAsync(AuditEntry entry) =>
        (await CompleteAsync([new AuditNote(entry, Position.None)]))[0];

    private AuditOrigin Of(ManifestOrigin origin, LineOrigin? line) =>
        run with
        {
            // The repository and revision that the CI job names are used only where the manifests themselves have none.
            Repository = origin.Revision.Length > 0 || run.Repository.Length == 0 ? origin.Repository : run.Repository,
            Revision = origin.Revision.Length > 0 ? origin.Revision : run.Revision,
            Signer = origin.Signer,
            Commit = line?.Commit ?? "",
            Author = line?.Author ?? "",
        };
}
