using System.Collections.Immutable;
using System.Text.Json;
using Reconciler.Core.Ports;

namespace Reconciler.State.Postgres;

/// <summary>Reads who has the right to write to which account.</summary>
internal static class RightRows
{
    private const string Locks = """
        SELECT objid::int FROM pg_locks
        WHERE locktype = 'advisory' AND mode = 'ExclusiveLock' AND granted AND objsubid = 2
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND classid = @schema::int::oid
        """;

    /// <summary>Every account whose right was ever taken.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="schema">The schema of the state.</param>
    /// <param name="isOwn">Whether this process has the right to an account.</param>
    public static ImmutableArray<AccountRight> Read(
        StateConnection connection,
        string schema,
        Func<(string VendorType, string BaseUrl), bool> isOwn
    )
    {
        var first = ReadOnce(connection, schema, isOwn);
        if (first.All(r => r.Use != RightUse.Abandoned))
            return first;
        // Names and locks are read one after the other, so a process that gives its right back in between looks like
        // one that ended. Only a name that is still there at a second reading was left by such a process.
        return
        [
            .. ReadOnce(connection, schema, isOwn)
                .Select(r => r.Use == RightUse.Abandoned && !first.Contains(r) ? r with { Use = RightUse.Other } : r),
        ];
    }

    private static ImmutableArray<AccountRight> ReadOnce(
        StateConnection connection,
        string schema,
        Func<(string VendorType, string BaseUrl), bool> isOwn
    )
    {
        var rows = connection.Rows(
            "SELECT vendor_type, base_url, holder FROM rights WHERE holder IS NOT NULL",
            r => (Account: (r.GetString(0), r.GetString(1)), Holder: Parse(r.GetString(2)))
        );
        var locked = connection.Rows(Locks, r => r.GetInt32(0), ("@schema", RightKey.Of(schema))).ToHashSet();
        return [.. rows.Select(r => Of(r.Account, r.Holder)).OrderBy(r => r.BaseUrl, StringComparer.Ordinal)];

        AccountRight Of((string VendorType, string BaseUrl) account, Holder holder)
        {
            var isLocked = locked.Contains(RightKey.Of(account.VendorType, account.BaseUrl));
            var use =
                isOwn(account) ? RightUse.Own
                : isLocked ? RightUse.Other
                : holder.Until is null ? RightUse.Abandoned
                : RightUse.GivenBack;
            // Somebody has locked it since the last one gave it back.
            var isUnnamed = use == RightUse.Other && holder.Until is not null;
            return new(account.VendorType, account.BaseUrl, use, isUnnamed ? null : holder);
        }
    }

    /// <summary>The holder that a row names.</summary>
    public static Holder Parse(string text) => JsonSerializer.Deserialize(text, HolderJsonContext.Default.Holder)!;

    /// <summary>The text that names a holder in a row.</summary>
    public static string Text(Holder holder) => JsonSerializer.Serialize(holder, HolderJsonContext.Default.Holder);
}
