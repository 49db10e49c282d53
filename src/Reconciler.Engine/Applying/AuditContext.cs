using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Ports;

namespace Reconciler.Engine.Applying;

/// <summary>An entry of the audit trail that is about to be written.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Line">The line that declared it; <see cref="Position.None"/> where none did.</param>
public sealed record AuditNote(AuditEntry Entry, Position Line);

/// <summary>
/// Who runs, where, and from which source: made once a run by the host, and put into every entry of it.
/// </summary>
/// <param name="run">The actor, the host, the run and the program.</param>
/// <param name="history">Tells where the manifests came from; null where nobody can.</param>
public sealed class AuditContext(AuditOrigin run, IDeclarationHistory? history)
{
    /// <summary>Nothing is known.</summary>
    public static AuditContext None { get; } = new(AuditOrigin.Unknown, null);

    /// <summary>The entries as they are written. Who wrote their lines is looked up once for all of them.</summary>
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

    /// <summary>An entry that no line declared, as it is written.</summary>
    /// <param name="entry">The entry.</param>
    public async Task<AuditEntry> CompleteAsync(AuditEntry entry) =>
        (await CompleteAsync([new AuditNote(entry, Position.None)]))[0];

    private AuditOrigin Of(ManifestOrigin origin, LineOrigin? line) =>
        run with
        {
            // What a CI job says counts only where the manifests themselves tell no revision.
            Repository = origin.Revision.Length > 0 || run.Repository.Length == 0 ? origin.Repository : run.Repository,
            Revision = origin.Revision.Length > 0 ? origin.Revision : run.Revision,
            Signer = origin.Signer,
            Commit = line?.Commit ?? "",
            Author = line?.Author ?? "",
        };
}
