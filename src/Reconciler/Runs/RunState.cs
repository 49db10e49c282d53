using System.Globalization;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Core.Text;
using Reconciler.Hosting;
using Reconciler.Options;
using Reconciler.State;
using Reconciler.State.Postgres;

namespace Reconciler.Runs;

/// <summary>What a run keeps its ledgers in, and its right to write there.</summary>
internal sealed class RunState : IDisposable
{
    private readonly StateStore? _store;
    private readonly IDisposable? _held;

    private RunState(StateStore? store, IDisposable? held) => (_store, _held) = (store, held);

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
        try
        {
            if (!StatePlace.IsServer(path))
                StatePath.Check(path);
            return new(StateStore.OpenExisting(path), null);
        }
        catch (LedgerException unusable)
        {
            throw new LedgerException(request.Given.Tell(unusable.Message), unusable);
        }
    }

    /// <summary>Opens or makes the state, once no other run writes to it or to the same accounts.</summary>
    /// <param name="request">Where the state is.</param>
    /// <param name="verb">What the right to write is for.</param>
    /// <param name="connections">The connections that may be written over.</param>
    /// <param name="environment">Gets a line where there is a wait.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="LedgerException">Another run goes on for too long, or the state cannot be used.</exception>
    public static async Task<RunState> OpenToWriteAsync(
        StateRequest request,
        string verb,
        IEnumerable<DesiredProvider> connections,
        CliEnvironment environment,
        CancellationToken cancellation
    )
    {
        if (request.Path is not { } path)
            return new(null, null);
        try
        {
            return await OpenToWriteAsync(path, request.Wait, verb, connections, environment, cancellation);
        }
        catch (LedgerException unusable)
        {
            throw new LedgerException(request.Given.Tell(unusable.Message), unusable);
        }
    }

    private static async Task<RunState> OpenToWriteAsync(
        string path,
        TimeSpan wait,
        string verb,
        IEnumerable<DesiredProvider> connections,
        CliEnvironment environment,
        CancellationToken cancellation
    )
    {
        if (StatePlace.IsServer(path))
        {
            var right = new RightRequest(verb, [.. connections.Select(c => (c.Vendor.Type, c.BaseUrl.AbsoluteUri))])
            {
                Wait = wait,
                OnWaiting = Waiting,
                OnSettling = settle =>
                    environment.Error.WriteLine(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"Waiting {settle.TotalSeconds} s: the run before did not end in order, and a request of it "
                                + $"may be under way."
                        )
                    ),
            };
            return await OpenServerAsync(path, right, environment.SharedClock, cancellation);
        }

        StatePath.Check(path);
        var held = await StateLock.AcquireAsync(path, verb, wait, Waiting, environment.Clock, cancellation);
        try
        {
            return new(StateStore.OpenOrCreate(path), held);
        }
        catch
        {
            held.Dispose();
            throw;
        }

        void Waiting(Holder? holder) =>
            environment.Error.WriteLine(
                $"Waiting for {TerminalText.Escape(holder?.ToString() ?? "another run")}, which uses "
                    + $"{TerminalText.Escape(StatePlace.Name(path))}."
            );
    }

    private static async Task<RunState> OpenServerAsync(
        string url,
        RightRequest right,
        TimeProvider clock,
        CancellationToken cancellation
    )
    {
        var store = StateStore.OpenOrCreate(url);
        try
        {
            return new(store, await store.AcquireAsync(right, clock, cancellation));
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        // A right is given back over the store's server, so it goes first; the lock of a file goes last.
        if (_held is WriteRight right)
            right.Dispose();
        _store?.Dispose();
        _held?.Dispose();
    }
}
