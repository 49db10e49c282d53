using Reconciler.Core.Membership;

namespace Reconciler.Hosting.Reconciling;

/// <summary>Receives what somebody should look at. An implementation neither waits nor throws.</summary>
public interface IReconcileEvents
{
    /// <summary>A limit holds a plan.</summary>
    /// <param name="project">The project.</param>
    /// <param name="why">Which limits, in a sentence.</param>
    /// <param name="digest">The digest to approve.</param>
    void Held(DesiredProject project, string why, string digest);

    /// <summary>A project's reconciles fail.</summary>
    void Failing(DesiredProject project, string why);

    /// <summary>A project that failed, or was held, is well again.</summary>
    void Recovered(DesiredProject project, ProjectState state);

    /// <summary>Somebody never accepted, and the invitation was given up.</summary>
    void GaveUp(DesiredProject project, string person);
}
