using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership.Describing;
using Reconciler.Core.Resolving;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Fuzzing;
using static Reconciler.Testing.Fuzzing.FuzzTarget;

namespace Reconciler.Manifests.Tests.Fuzzing;

/// <summary>Texts in YAML: manifests up to the desired state, and definitions of vendors.</summary>
public static class ManifestTargets
{
    private static readonly RunnerRules Rules = new(ProgramVendors.All, new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero));

    public static IReadOnlyList<FuzzTarget> All { get; } = [Of("manifests", Read), Of("definition", Define)];

    private static void Read(string text)
    {
        var (set, problems) = Manifests(text);
        var state = Resolver.Resolve(set, Rules, problems);
        Hold(state.Projects.All(p => p.ProjectId.Length > 0), "a project has no id");
        Told(problems);
    }

    private static void Define(string text)
    {
        var (set, problems) = Manifests(text);
        foreach (var definition in set.Readable<VendorDefinition>())
            _ = VendorDefinitions.Check(definition, problems);
        Told(problems);
    }

    private static (ManifestSet Set, Problems Problems) Manifests(string text)
    {
        var (set, problems) = (new ManifestSet(), new Problems());
        ManifestReader.ReadText("input.yaml", text, set, problems);
        return (set, problems);
    }

    // Messages are what a person gets: they must not grow with the input without end.
    private static void Told(Problems problems) =>
        Hold(problems.Sorted.All(p => p.Message.Length is > 0 and < 4_000), "a message is empty or endless");
}
