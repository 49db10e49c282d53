using Reconciler.Core.Membership;

namespace Reconciler.Core.Ledgers;

/// <summary>A project's ledger as it is stored.</summary>
/// <param name="Key">The project.</param>
/// <param name="Ledger">What is remembered; null where nothing is.</param>
/// <param name="Version">
/// Names this state of it; empty where nothing is stored. Saving needs it, so that two writers never overwrite each
/// other.
/// </param>
public sealed record StoredLedger(ProjectKey Key, ProjectLedger? Ledger, string Version);
