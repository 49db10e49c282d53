using Microsoft.Extensions.Logging;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Resolving;
using Reconciler.Engine;
using Reconciler.Hosts.Operator.Status;
using Reconciler.Hosts.Passes;

namespace Reconciler.Hosts.Operator;

/// <summary>What an operator's loop is put together from.</summary>
internal sealed record OperatorParts
{
    public required OperatorSettings Settings { get; init; }

    public required ResourceCache Catalog { get; init; }

    public required StatusStore Book { get; init; }

    public required StatusWriter Writer { get; init; }

    public required ProviderStatuses Providers { get; init; }

    public required Connections Connections { get; init; }

    public required ClusterSecrets Secrets { get; init; }

    public required OperatorEvents Events { get; init; }

    public required ClusterApprovals Approvals { get; init; }

    /// <summary>What the audit trail says of the operator.</summary>
    public AuditContext Context { get; init; } = AuditContext.None;

    /// <summary>What the runner decides, as of now.</summary>
    public required Func<RunnerRules> Rules { get; init; }

    public required ILogger Logger { get; init; }

    public required TimeProvider Clock { get; init; }

    /// <summary>Makes texts safe for the log.</summary>
    public required LogText Text { get; init; }

    /// <summary>Spreads the passes; from 0 to 1.</summary>
    public Func<double> Chance { get; init; } = Random.Shared.NextDouble;

    /// <summary>The connection of an AccessProvider; null where something is wrong with it, be it a fault of ours, which must not stop the others.</summary>
    public DesiredProvider? ProviderOf(ClusterDocument document)
    {
        try
        {
            return MembershipResolver.ResolveProvider(document, Rules()).Provider;
        }
        catch (Exception unforeseen)
        {
            OperatorLog.Unforeseen(Logger, $"{document.Position}: {unforeseen.GetType().Name}: {unforeseen.Message}");
            return null;
        }
    }

    /// <summary>Told when a membership lost its finalizer though nobody let it go.</summary>
    public Action OnFinalizerLost { get; init; } = () => { };

    /// <summary>Told after each pass of a project, with how long the pass took.</summary>
    public Action<ProjectReconcile, TimeSpan> OnPassed { get; init; } = (_, _) => { };
}
