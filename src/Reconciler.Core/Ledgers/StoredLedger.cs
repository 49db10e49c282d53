using Reconciler.Core.Membership;

namespace Reconciler.Core.Ledgers;

/// <summary>A project's ledger as it is stored.</summary>
/// <param name="Key">The project.</param>
/// <param name="Ledger">The ledger; null if nothing is stored.</param>
/// <param name="Version">
/// The version of the stored ledger; empty if nothing is stored. A save must name it, so that two writers never
/// overwrite each other.
/// </param>
public sealed record StoredLedger(ProjectKey Key, ProjectLedger? Ledger, string Version);
