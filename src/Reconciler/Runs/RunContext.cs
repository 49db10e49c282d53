using Reconciler.Engine.Applying;
using Reconciler.Manifests.Loading;
using Reconciler.Sources.Git;

namespace Reconciler.Runs;

/// <summary>What a command puts into the audit trail about itself.</summary>
internal static class RunContext
{
    /// <summary>The context of a run over manifests.</summary>
    public static AuditContext Of(CliEnvironment environment, ManifestRequest request) =>
        new(RunOrigin.Of(environment.Variable), new CheckoutHistory(environment.Folder, request.Paths));

    /// <summary>The context of a command that reads no manifest.</summary>
    public static AuditContext Of(CliEnvironment environment) => new(RunOrigin.Of(environment.Variable), null);
}
