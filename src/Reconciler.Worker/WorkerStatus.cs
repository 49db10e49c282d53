using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Engine.Planning;
using Reconciler.Hosting.Reconciling;

namespace Reconciler.Worker;

/// <summary>The state of a worker at one moment: its projects, and the source of its manifests.</summary>
/// <param name="StartedAt">When the process started.</param>
/// <param name="Source">The source.</param>
public sealed record WorkerStatus(DateTimeOffset StartedAt, SourceStatus Source) : StatusSnapshot(StartedAt)
{
    /// <summary>What became of each approval of the runner.</summary>
    internal ImmutableArray<ApprovalUse> Approvals { get; init; } = [];

    /// <summary>
    /// Why the state file cannot be used; null if it can. While it is set, nothing is written at a vendor.
    /// </summary>
    internal string? StateTrouble { get; init; }

    /// <summary>Who may write to which account; null where no other process can, because the state is a file.</summary>
    public ImmutableArray<AccountRight>? Rights { get; private init; }

    /// <summary>The folder of Approvals that the settings name; null for none.</summary>
    internal string? ApprovalsFolder { get; init; }

    /// <summary>The accounts that other workers reconcile.</summary>
    private ImmutableHashSet<(string VendorType, string BaseUrl)> Others { get; init; } = [];

    /// <summary>
    /// The state with what is known of rights: what another worker reconciles is known there alone, so nothing is said
    /// of it here.
    /// </summary>
    /// <param name="rights">Who may write to which account; null where the state is a file.</param>
    /// <param name="others">The accounts that other workers reconcile.</param>
    internal WorkerStatus With(
        ImmutableArray<AccountRight>? rights,
        ImmutableHashSet<(string VendorType, string BaseUrl)> others
    )
    {
        var shared = this with { Rights = rights, Others = others };
        return others.IsEmpty
            ? shared
            : shared with
            {
                Projects = [.. Projects.Select(p => shared.IsElsewhere(p.Project.Provider) ? Elsewhere(p) : p)],
                Providers =
                [
                    .. Providers.Select(p => shared.IsElsewhere(p.Provider) ? new ProviderStatus(p.Provider) : p),
                ],
            };
    }

    /// <summary>Whether another worker reconciles the projects of a provider.</summary>
    internal bool IsElsewhere(DesiredProvider provider) =>
        Others.Contains((provider.Vendor.Type, provider.BaseUrl.AbsoluteUri));

    private static ProjectStatus Elsewhere(ProjectStatus project) =>
        new(project.Project, ProjectState.Elsewhere)
        {
            KnownSince = project.KnownSince,
            IsRunning = project.IsRunning,
            RunningSince = project.RunningSince,
        };

    /// <summary>Who may write to the account of a provider, or could last; null where nobody ever did.</summary>
    internal AccountRight? RightOf(DesiredProvider provider) =>
        Rights?.FirstOrDefault(r => r.VendorType == provider.Vendor.Type && r.BaseUrl == provider.BaseUrl.AbsoluteUri);
}

/// <summary>The state of the source of the manifests.</summary>
/// <param name="Origin">Where it is; no credentials.</param>
public sealed record SourceStatus(string Origin)
{
    /// <summary>The revision in force; null until one is.</summary>
    internal string? Revision { get; init; }

    /// <summary>Since when it is in force.</summary>
    internal DateTimeOffset? InForceSince { get; init; }

    /// <summary>When the source last answered, whatever the revision holds.</summary>
    internal DateTimeOffset? FetchedAt { get; init; }

    /// <summary>Why the source cannot be fetched now; null where it can.</summary>
    internal string? Failure { get; init; }

    /// <summary>Since when the source cannot be fetched, or holds a broken revision.</summary>
    internal DateTimeOffset? FailingSince { get; init; }

    /// <summary>The newest revision where it is broken and so not in force; null where it is in force.</summary>
    internal string? BrokenRevision { get; init; }

    /// <summary>The problems of the broken revision, or the warnings of the one in force.</summary>
    internal ImmutableArray<Problem> Problems { get; init; } = [];
}
