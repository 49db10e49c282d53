using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Manifests.Loading;

/// <summary>Reads the runner's Guardrails from a file or folder of their own.</summary>
internal static class GuardrailFolder
{
    public static IReadOnlyCollection<Guardrail> Read(ManifestRequest request, Problems problems)
    {
        if (request.Guardrails is not { } path)
            return [];
        var before = problems.ErrorCount;
        var guardrails = ManifestReader.ReadAll([path], [], problems, request.Folder).All<Guardrail>();
        if (guardrails.Count == 0 && problems.ErrorCount == before)
            problems.Error(new Position(path, 0, 0), "holds no Guardrail; expected at least one");
        return guardrails;
    }
}
