namespace Reconciler.Operator.Status;

/// <summary>Numbers the ledgers that this process reads and saves.</summary>
internal static class LedgerVersion
{
    private static long _last;

    /// <summary>Returns a version that no ledger has had: ledgers of two readings never have the same.</summary>
    public static long Next() => Interlocked.Increment(ref _last);
}
