using Reconciler.State.Postgres;
using Reconciler.Testing.State;

namespace Reconciler.State.Tests.Postgres;

/// <summary>Ends sessions from outside, as an administrator may.</summary>
internal static class LockSessions
{
    /// <summary>Ends the session that has the right to write to an account of this schema.</summary>
    public static void EndLockSession(this PostgresBench bench) =>
        bench.Run(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 "
                + $"AND classid = ({RightKey.Of(bench.Schema)})::int::oid"
        );
}
