using Reconciler.Core.Membership;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Providers;

namespace Reconciler.Hosting.Reconciling;

/// <summary>
/// What a reconcile works with. It is asked anew at each step, since all of it may change while the reconcile waits and
/// reads.
/// </summary>
public interface IReconcileContext
{
    /// <summary>The projects as they are desired now.</summary>
    IReadOnlyList<DesiredProject> Projects { get; }

    /// <summary>Which holds may be released now.</summary>
    Approvals Approvals { get; }

    /// <summary>What the audit trail says of who runs, and from which source.</summary>
    AuditContext Audit { get; }

    /// <summary>The connections, and what keeps them open until it is disposed.</summary>
    (Connections Connections, IDisposable Use) Connect();

    /// <summary>Whether a project is still desired as it was when the reconcile began.</summary>
    bool IsCurrent(DesiredProject project);
}
