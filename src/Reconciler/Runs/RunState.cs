using Reconciler.Core.Ledgers;
using Reconciler.Core.Ports;
using Reconciler.Core.Text;
using Reconciler.Hosting;
using Reconciler.Options;
using Reconciler.State;

namespace Reconciler.Runs;

/// <summary>What a run keeps its ledgers in, and its right to write there.</summary>
internal sealed class RunState : IDisposable
{
    private readonly StateStore? _store;
    private readonly StateLock? _lock;

    private RunState(StateStore? store, StateLock? held) => (_store, _lock) = (store, held);

    /// <summary>The ledgers; null where the run remembers nothing.</summary>
    public ILedgerStore? Store => _store;

    /// <summary>The whole audit trail, the newest first; empty where the run remembers nothing.</summary>
    /// <exception cref="LedgerException">It cannot be read.</exception>
    public async Task<IReadOnlyCollection<AuditEntry>> HistoryAsync(CancellationToken cancellation) =>
        _store is null ? [] : await _store.HistoryAsync(new(), cancellation);

    /// <summary>The audit trail of one person, the newest first; empty where the run remembers nothing.</summary>
    /// <param name="address">The person's address.</param>
    /// <param name="cancellation">Stops before anything is read.</param>
    /// <exception cref="LedgerException">It cannot be read.</exception>
    public async Task<IReadOnlyCollection<AuditEntry>> HistoryOfAsync(string address, CancellationToken cancellation) =>
        _store is null ? [] : await _store.HistoryAsync(new() { Person = address }, cancellation);

    /// <summary>The newest hash of an account's audit trail; empty where there is none.</summary>
    /// <exception cref="LedgerException">It cannot be read.</exception>
    public async Task<string> HeadAsync(string vendorType, string baseUrl, CancellationToken cancellation) =>
        _store is null ? "" : await _store.HeadAsync(vendorType, baseUrl, cancellation);

    /// <summary>Opens what an earlier run left, to be read only: a plan leaves no trace.</summary>
    /// <exception cref="LedgerException">It cannot be read.</exception>
    public static RunState OpenToRead(StateRequest request)
    {
        if (request.Path is not { } path)
            return new(null, null);
        StatePath.Check(path);
        return new(StateStore.OpenExisting(path), null);
    }

    /// <summary>Opens or makes the state file, once no other run writes to it.</summary>
    /// <exception cref="LedgerException">Another run goes on for too long, or the file cannot be used.</exception>
    public static async Task<RunState> OpenToWriteAsync(
        StateRequest request,
        string verb,
        CliEnvironment environment,
        CancellationToken cancellation
    )
    {
        if (request.Path is not { } path)
            return new(null, null);
        StatePath.Check(path);
        var held = await StateLock.AcquireAsync(
            path,
            verb,
            request.Wait,
            holder =>
                environment.Error.WriteLine(
                    $"Waiting for {TerminalText.Escape(holder?.ToString() ?? "another run")}, which uses "
                        + $"{TerminalText.Escape(path)}."
                ),
            environment.Clock,
            cancellation
        );
        try
        {
            return new(StateStore.OpenOrCreate(path), held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _store?.Dispose();
        _lock?.Dispose();
    }
}
