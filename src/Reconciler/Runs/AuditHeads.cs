using Reconciler.Core.Ports;
using Reconciler.Core.Text;
using Reconciler.Engine.Planning;
using Reconciler.Reports;

namespace Reconciler.Runs;

/// <summary>
/// The newest hashes of the audit trails that a run may add to: kept elsewhere, they show later that nothing was
/// changed.
/// </summary>
internal sealed class AuditHeads
{
    private readonly RunState _state;
    private readonly IReadOnlyList<(string VendorType, string BaseUrl, string Head)> _before;

    private AuditHeads(RunState state, IReadOnlyList<(string VendorType, string BaseUrl, string Head)> before) =>
        (_state, _before) = (state, before);

    /// <summary>The heads as they are before a run.</summary>
    public static async Task<AuditHeads> BeforeAsync(RunState state, RunPlan plan, CancellationToken cancellation)
    {
        var accounts = plan
            .Projects.Select(p => p.Project.Key)
            .Concat(plan.Deleted.Orphaned.Select(o => o.Key))
            .Select(k => (k.VendorType, k.BaseUrl))
            .Distinct()
            .Order();
        var heads = new List<(string, string, string)>();
        foreach (var (type, url) in accounts)
            heads.Add((type, url, await state.HeadAsync(type, url, cancellation)));
        return new(state, heads);
    }

    /// <summary>The heads that the run moved, by account.</summary>
    public async Task<IReadOnlyList<AuditHead>> MovedAsync()
    {
        var moved = new List<AuditHead>();
        foreach (var (type, url, before) in _before)
        {
            // The heads are read even after an interruption, since they prove what was written until then.
            try
            {
                var head = await _state.HeadAsync(type, url, CancellationToken.None);
                if (head != before)
                    moved.Add(new(type, url, head));
            }
            catch (LedgerException)
            {
                // A head that cannot be read must not keep the result of the run from being printed.
            }
        }

        return moved;
    }

    /// <summary>Prints the heads that the run moved.</summary>
    public async Task WriteAsync(TextWriter output, Palette palette)
    {
        var moved = await MovedAsync();
        foreach (var head in moved)
        {
            var account = moved.Count == 1 ? "" : $" ({TerminalText.Escape($"{head.VendorType} {head.BaseUrl}")})";
            await output.WriteLineAsync(palette.Quiet($"Audit head {head.Head}{account}"));
        }
    }
}
