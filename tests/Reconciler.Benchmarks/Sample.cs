using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Core.Resolving;
using Reconciler.Manifests;
using Reconciler.Manifests.Loading;
using Reconciler.Providers;

namespace Reconciler.Benchmarks;

/// <summary>Made-up projects of 100 members each, as text, as manifests and as the vendor has them.</summary>
internal static class Sample
{
    /// <summary>How many members a project has.</summary>
    public const int MembersEach = 100;

    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The rules to resolve them with.</summary>
    public static RunnerRules Rules { get; } = new(VendorCatalogue.Beside(ProviderCatalog.Vendors), Now);

    /// <summary>The documents of a number of projects, in texts of 200 documents each.</summary>
    /// <param name="projects">How many projects.</param>
    /// <param name="provider">Their AccessProvider, <c>clarifeye-eu</c> or <c>confident-ai-eu</c>.</param>
    /// <param name="step">How many people a project does not share with the one before.</param>
    public static IReadOnlyList<string> Texts(int projects, string provider = "clarifeye-eu", int step = 37) =>
        [.. Text(projects, provider, step).Split("---\n").Chunk(200).Select(c => string.Join("---\n", c))];

    /// <summary>Reads texts.</summary>
    public static ManifestSet Read(IEnumerable<string> texts)
    {
        var set = new ManifestSet();
        var problems = new Problems();
        foreach (var text in texts)
            ManifestReader.ReadText("generated.yaml", text, set, problems);
        return problems.HasErrors ? throw new InvalidOperationException(problems.Sorted[0].ToString()) : set;
    }

    /// <summary>What the vendor has of a project: one member in fifty has less than is declared.</summary>
    public static LiveProject Live(DesiredProject project)
    {
        var words = project.Provider.Vendor.Access;
        var analyst = Access.Of([
            words.Grant("permissions", "CAN_VIEW_DATA"),
            words.Grant("permissions", "CAN_RUN_TASKS"),
        ]);
        var viewer = Access.Of([words.Grant("permissions", "CAN_VIEW_DATA")]);
        return new(
            [
                .. project.Members.Select(
                    (m, i) =>
                        new LiveMember(
                            $"{project.Id}-{i}",
                            $"user-{m.Person.Key}",
                            m.Person.Label,
                            i % 50 == 7 ? viewer : analyst
                        )
                ),
            ],
            []
        );
    }

    private static string Text(int projects, string provider, int step)
    {
        var text = new StringBuilder(
            """
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: clarifeye-eu}
            spec:
              type: clarifeye
              baseUrl: https://eu.app.clarifeye.ai/api/v1
              credentials: {token: {env: RECONCILER_CLARIFEYE_TOKEN}}
              actingAs: bot@example.com
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: confident-ai-eu}
            spec:
              type: confident-ai
              baseUrl: https://eu.api.confident-ai.com
              credentials: {token: {env: RECONCILER_CONFIDENT_AI_TOKEN}}
              actingAs: bot@example.com
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessRole
            metadata: {name: analyst}
            spec:
              access:
                clarifeye: {permissions: [CAN_VIEW_DATA, CAN_RUN_TASKS]}
                confident-ai: {role: Member}

            """
        );
        for (var project = 0; project < projects; project++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $$"""
                ---
                apiVersion: reconciler.dev/v1alpha1
                kind: ProjectMembership
                metadata: {name: project-{{project}}}
                spec:
                  provider: {{provider}}
                  projectId: 00000000-0000-0000-0000-{{project:d12}}
                  prune: all
                  members:

                """
            );
            for (var member = 0; member < MembersEach; member++)
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"  - {{email: p{(project * step + member) % 20_000}@example.com, role: analyst}}\n"
                );
        }
        return text.ToString();
    }
}
