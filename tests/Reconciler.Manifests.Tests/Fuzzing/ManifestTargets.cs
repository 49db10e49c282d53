using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership.Describing;
using Reconciler.Core.Resolving;
using Reconciler.Manifests.Writing;
using Reconciler.Manifests.Yaml;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Fuzzing;
using static Reconciler.Testing.Fuzzing.FuzzTarget;

namespace Reconciler.Manifests.Tests.Fuzzing;

/// <summary>
/// Files in YAML: manifests up to the desired state, and definitions of vendors; texts that are written as YAML.
/// </summary>
public static class ManifestTargets
{
    private const int LongestMessage = 4_000;

    private static readonly RunnerRules Rules = new(ProgramVendors.All, new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero));

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [new("manifests", ReadAsync), new("definition", DefineAsync), Of("yaml-text", Written)];

    private static Task ReadAsync(byte[] input)
    {
        var (set, problems) = Manifests(input);
        var state = Resolver.Resolve(set, Rules, problems);
        Hold(state.Projects.All(p => p.ProjectId.Length > 0), "a project has no id");
        Hold(
            state.Projects.Select(p => p.Id).Distinct(StringComparer.Ordinal).Count() == state.Projects.Length,
            "two projects have one name"
        );
        Hold(
            state.Projects.All(p =>
                p.Members.Select(m => m.Person.Key).Distinct(StringComparer.Ordinal).Count() == p.Members.Length
            ),
            "one person is in a project twice"
        );
        AreTold(problems);
        return Task.CompletedTask;
    }

    private static Task DefineAsync(byte[] input)
    {
        var (set, problems) = Manifests(input);
        foreach (var definition in set.Readable<VendorDefinition>())
        {
            var vendor = VendorDefinitions.Check(definition, problems);
            Hold(vendor is not null || problems.HasErrors, "a definition is refused without a word");
        }

        AreTold(problems);
        return Task.CompletedTask;
    }

    // In a list of flow style, where most characters mean something.
    private static void Written(string text)
    {
        var whole = string.Concat(text.EnumerateRunes());
        var yaml = $"- [{YamlText.Scalar(whole)}, {YamlText.Scalar(whole)}] # {YamlText.Comment(whole)}\n";
        var (problems, documents) = (new Problems(), new List<Node>());
        Hold(YamlTreeReader.Read("input.yaml", yaml, problems, documents), $"what was written cannot be read: {yaml}");
        var list = (SequenceNode)((SequenceNode)documents.Single()).Items.Single();
        Hold(list.Items.Count == 2, "a text is more than one");
        Hold(list.Items.All(i => i is ScalarNode one && one.Text == whole), "a text reads as another");
    }

    private static (ManifestSet Set, Problems Problems) Manifests(byte[] input)
    {
        var (set, problems) = (new ManifestSet(), new Problems());
        if (SourceText.Decode("input.yaml", input, problems) is { } text)
            ManifestReader.ReadText("input.yaml", text, set, problems);
        return (set, problems);
    }

    // Messages are what a person gets: they must not grow with the input without end.
    private static void AreTold(Problems problems) =>
        Hold(
            problems.Sorted.All(p => p.Message.Length is > 0 and < LongestMessage),
            $"a message is empty or endless: {problems.Sorted.MaxBy(p => p.Message.Length)}"
        );
}
