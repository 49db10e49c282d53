using System.Collections.Immutable;
using Reconciler.Core.Ports;
using Reconciler.State;
using Reconciler.State.Postgres;

namespace Reconciler.Worker;

/// <content>The rights to write to accounts of a state in PostgreSQL.</content>
public sealed partial class WatchedState
{
    private volatile IReadOnlyList<AccountRight> _rights = [];
    private volatile ImmutableHashSet<(string VendorType, string BaseUrl)> _others = [];

    /// <summary>Waits for the right to write to accounts of a state in PostgreSQL.</summary>
    /// <exception cref="LedgerException">The server cannot be used.</exception>
    internal async Task<WriteRight> AcquireAsync(
        RightRequest request,
        TimeProvider clock,
        CancellationToken cancellation
    ) => await (await StoreAsync(cancellation)).AcquireAsync(request, clock, cancellation);

    /// <summary>Whether a right to write is one to the state in use: a restored one knows nothing of it.</summary>
    internal bool Gave(WriteRight right) => _store?.Gave(right) == true;

    /// <summary>Who works on which account, as of the last look; null where the state is a file.</summary>
    internal ImmutableArray<AccountRight>? Rights
    {
        get
        {
            if (!StatePlace.IsServer(_path))
                return null;
            // What this process has is known without a look.
            var own = (_store?.OwnRights ?? []).ToDictionary(r => (r.VendorType, r.BaseUrl));
            return
            [
                .. _rights.Where(r => !own.ContainsKey((r.VendorType, r.BaseUrl))).Select(WithoutOwn),
                .. own.Values,
            ];
        }
    }

    /// <summary>
    /// The accounts that another worker was seen to work on last. While an apply has the right, its worker is still the
    /// same.
    /// </summary>
    internal ImmutableHashSet<(string VendorType, string BaseUrl)> Others =>
        _others.Except((_store?.OwnRights ?? []).Select(r => (r.VendorType, r.BaseUrl)));

    /// <summary>Reads who works on which account of a state in PostgreSQL.</summary>
    /// <exception cref="LedgerException">The server cannot be used.</exception>
    internal async Task ReadRightsAsync(CancellationToken cancellation)
    {
        if (!StatePlace.IsServer(_path))
            return;
        var rights = await (await StoreAsync(cancellation)).RightsAsync(cancellation);
        _rights = rights;
        _others = Others.Union(
            rights
                .Where(r => r is { Use: RightUse.Other, Holder.Verb: Holder.Worker })
                .Select(r => (r.VendorType, r.BaseUrl))
        );
    }

    // This process has given it back since the last look.
    private static AccountRight WithoutOwn(AccountRight right) =>
        right.Use == RightUse.Own ? right with { Use = RightUse.GivenBack } : right;
}
