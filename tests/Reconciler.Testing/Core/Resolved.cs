using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Core.Resolving;
using Reconciler.Manifests;

namespace Reconciler.Testing.Core;

/// <summary>YAML text, read and resolved as a run would, with what was found on the way.</summary>
public sealed record Resolved(ManifestSet Manifests, DesiredState State, IReadOnlyList<Problem> Problems)
{
    /// <summary>A connection that every text may use.</summary>
    public const string Provider = """
        apiVersion: reconciler.dev/v1alpha1
        kind: AccessProvider
        metadata: {name: acme}
        spec: {type: acme, baseUrl: https://api.acme.example/v1, actingAs: bot@x.example, credentials: {token: {env: RECONCILER_TOKEN}}}
        """;

    public IEnumerable<string> Errors => Problems.Where(p => p.Severity == Severity.Error).Select(p => p.ToString());

    public IEnumerable<string> Warnings =>
        Problems.Where(p => p.Severity == Severity.Warning).Select(p => p.ToString());

    public DesiredProject Project => Assert.Single(State.Projects);

    /// <summary>Reads documents, each without its apiVersion, at <see cref="World.Now"/>.</summary>
    public static Resolved From(Func<RunnerRules, RunnerRules> runner, params string[] documents)
    {
        var set = new ManifestSet();
        var problems = new Problems();
        foreach (var (document, i) in documents.Select((d, i) => (d, i)))
        {
            var text = document.StartsWith("kind:", StringComparison.Ordinal)
                ? $"apiVersion: reconciler.dev/v1alpha1\n{document}"
                : document;
            ManifestReader.ReadText($"{(char)('a' + i)}.yaml", text, set, problems);
        }

        var state = Resolver.Resolve(set, runner(new(TestVendors.All, World.Now)), problems);
        return new(set, state, problems.Sorted);
    }

    public static Resolved From(params string[] documents) => From(r => r, documents);

    /// <summary>One project of the usual connection with these entries.</summary>
    public static Resolved Members(string entries, params string[] documents) =>
        From([Provider, Membership(entries), .. documents]);

    public static string Membership(string entries, string name = "demo", string more = "") =>
        $"kind: ProjectMembership\nmetadata: {{name: {name}, labels: {{tier: prod}}}}\n"
        + $"spec: {{provider: acme, projectId: {name}-1, members: [{entries}]{more}}}";

    public void Accepted() => Assert.Equal([], Errors);

    public void Refused(params string[] parts)
    {
        var error = Assert.Single(Errors);
        Assert.All(parts, part => Assert.Contains(part, error, StringComparison.Ordinal));
    }

    public string Show() => string.Join("; ", Project.Members.Select(m => $"{m.Person.Label} {m.Access.Grants}"));
}
