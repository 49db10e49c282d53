using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Resolving;
using Reconciler.Manifests;
using Reconciler.Providers;

namespace Reconciler.Benchmarks;

/// <summary>
/// Resolves and compares many members in memory: 100,000 in 1,000 projects, and a tenth of that beside it. One in fifty
/// differs.
/// </summary>
internal static class ResolveDiff
{
    private const int MembersEach = 100;

    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync()
    {
        Measure.Machine();
        var small = await CostAsync(projects: 100);
        var large = await CostAsync(projects: 1_000);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"10 × the members cost {large.Cpu / small.Cpu:0.0} × the CPU and "
                    + $"{(double)large.Allocated / small.Allocated:0.0} × the bytes"
            )
        );
    }

    private static async Task<Cost> CostAsync(int projects)
    {
        var manifests = Read(projects);
        var rules = new RunnerRules(ProviderCatalog.Vendors, Now);
        var state = Resolver.Resolve(manifests, rules, new Problems());
        var live = state.Projects.Select(Live).ToImmutableArray();
        var actions = 0;
        var cost = await Measure.MedianAsync(
            15,
            () =>
            {
                var resolved = Resolver.Resolve(manifests, rules, new Problems());
                actions = resolved
                    .Projects.Select((p, i) => Planner.Plan(p, live[i], ProjectLedger.None, Now).Actions.Length)
                    .Sum();
            }
        );
        var members = state.Projects.Sum(p => p.Members.Length);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{members, 7} members in {projects, 5} projects, {actions, 5} actions: {cost}, {cost.Allocated / members} bytes a member"
            )
        );
        return cost;
    }

    private static ManifestSet Read(int projects)
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
            kind: AccessRole
            metadata: {name: analyst}
            spec: {access: {clarifeye: {permissions: [CAN_VIEW_DATA, CAN_RUN_TASKS]}}}

            """
        );
        for (var project = 0; project < projects; project++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"---\napiVersion: reconciler.dev/v1alpha1\nkind: ProjectMembership\nmetadata: {{name: project-{project}}}\n"
            );
            text.Append(
                CultureInfo.InvariantCulture,
                $"spec:\n  provider: clarifeye-eu\n  projectId: 00000000-0000-0000-0000-{project:d12}\n  prune: all\n  members:\n"
            );
            for (var member = 0; member < MembersEach; member++)
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"  - {{email: p{(project * 37 + member) % 20_000}@example.com, role: analyst}}\n"
                );
        }

        var set = new ManifestSet();
        var problems = new Problems();
        foreach (var part in Parts(text.ToString()))
            ManifestReader.ReadText("generated.yaml", part, set, problems);
        if (problems.HasErrors)
            throw new InvalidOperationException(problems.Sorted[0].ToString());
        return set;
    }

    private static IEnumerable<string> Parts(string text) =>
        text.Split("---\n").Chunk(200).Select(c => string.Join("---\n", c));

    private static LiveProject Live(DesiredProject project)
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
}
