using System.Collections.Immutable;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Verbs;

/// <summary>What the demo is about: a small company with a project at each vendor, and a pull request.</summary>
internal static class DemoStory
{
    public const string Invited = "ana@example.com";
    public const string Token = "demo-token";
    public const string Variable = "RECONCILER_DEMO_TOKEN";

    private const string ClarifeyeProject = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
    private const string ConfidentAiProject = "cm2v7k0d10001";
    private const string EquinixMetalProject = "93125c2a-8b78-4d4f-a3c4-7367d6b7cca8";
    private const string GoRulesProject = "9b2e7a34-1c5d-4e8f-a6b0-3d4c5e6f7a88";
    private const string Redmine = "redmine-acme";
    private const string RedmineProject = "website";

    /// <summary>The connections, each with its one project.</summary>
    public static ImmutableArray<(string Connection, string ProjectId)> Projects { get; } =
    [
        ("clarifeye-eu", ClarifeyeProject),
        ("confident-ai-eu", ConfidentAiProject),
        ("equinix-metal", EquinixMetalProject),
        ("gorules-acme", GoRulesProject),
        (Redmine, RedmineProject),
    ];

    /// <summary>The projects whose vendor invites; Redmine adds people at once.</summary>
    public static IEnumerable<(string Connection, string ProjectId)> Inviting =>
        Projects.Where(p => p.Connection != Redmine);

    private const string Seed = $$$"""
        token: {{{Token}}}
        connections:
        - {name: clarifeye-eu}
        - {name: confident-ai-eu}
        - {name: equinix-metal}
        - {name: gorules-acme}
        - {name: {{{Redmine}}}, knownUsers: [{{{Invited}}}]}
        projects:
        - id: {{{ClarifeyeProject}}}
          provider: clarifeye-eu
          members:
          - {email: bot@example.com, access: {permissions: [CAN_PERFORM_ADMIN_ACTIONS]}}
          - {email: bob@example.com, access: {permissions: [CAN_VIEW_DATA, CAN_VIEW_TECHNICAL_INTERFACE]}}
          - {email: carol@example.com, access: {permissions: [CAN_RUN_TASKS, CAN_VIEW_DATA]}}
          - {email: stranger@partner.example, access: {permissions: [CAN_VIEW_DATA]}}
        - id: {{{ConfidentAiProject}}}
          provider: confident-ai-eu
          members:
          - {email: bot@example.com, access: {role: Manager}}
          - {email: bob@example.com, access: {role: Member}}
          - {email: carol@example.com, access: {role: Member}}
        - id: {{{EquinixMetalProject}}}
          provider: equinix-metal
          members:
          - {email: bot@example.com, access: {roles: [admin]}}
          - {email: bob@example.com, access: {roles: [collaborator]}}
          - {email: carol@example.com, access: {roles: [collaborator]}}
        - id: {{{GoRulesProject}}}
          provider: gorules-acme
          members:
          - {email: bot@example.com, access: {owner: true}}
          - {email: bob@example.com, access: {groups: [Editors]}}
          - {email: carol@example.com, access: {groups: [Editors]}}
        - id: {{{RedmineProject}}}
          provider: {{{Redmine}}}
          members:
          - {email: bot@example.com, access: {roles: [Manager]}}
          - {email: bob@example.com, access: {roles: [Developer]}}
          - {email: carol@example.com, access: {roles: [Developer]}}
        """;

    /// <summary>The imitated vendors.</summary>
    /// <param name="clock">Their clock.</param>
    public static SandboxOptions Vendors(TimeProvider clock) =>
        new()
        {
            Seed = SandboxSeed.Parse(Seed),
            Described = new(ManifestLoaders.Vendors, ManifestLoaders.Vendors),
            Clock = clock,
        };

    /// <summary>The files that the demo shows.</summary>
    public const string Teams = """
        kind: Team
        metadata: {name: platform}
        spec:
          members:
          - {email: bot@example.com}
        ---
        kind: Team
        metadata: {name: analysts}
        spec:
          members:
          - {email: ana@example.com}
          - {email: bob@example.com}
          - {email: carol@example.com}
        """;

    public const string Analyst = """
        kind: AccessRole
        metadata: {name: analyst}
        spec:
          access:
            clarifeye: {permissions: [CAN_VIEW_DATA, CAN_RUN_TASKS]}
            confident-ai: {role: Member}
            equinix-metal: {roles: [collaborator]}
            gorules: {groups: [Editors]}
            redmine: {roles: [Developer]}
        """;

    private const string Admin = """
        kind: AccessRole
        metadata: {name: admin}
        spec:
          access:
            clarifeye: {permissions: [CAN_PERFORM_ADMIN_ACTIONS]}
            confident-ai: {role: Manager}
            equinix-metal: {roles: [admin]}
            gorules: {owner: true}
            redmine: {roles: [Manager]}
        """;

    private const string Bob = "  - {email: bob@example.com}";
    private const string Carol = "  - {email: carol@example.com}";
    private const string Bot = "  - {email: bot@example.com}";

    private static readonly string Connections = string.Join(
        "\n---\n",
        Connection("clarifeye-eu", "clarifeye", "https://eu.app.clarifeye.ai/api/v1"),
        Connection("confident-ai-eu", "confident-ai", "https://eu.api.confident-ai.com"),
        Connection("equinix-metal", "equinix-metal", "https://api.equinix.com/metal/v1"),
        Connection("gorules-acme", "gorules", "https://acme.gorules.example"),
        Connection(Redmine, "redmine", "https://redmine.acme.example")
    );

    private static readonly string ChangedTeams = Teams
        .Replace($"\n{Bob}\n{Carol}", "", StringComparison.Ordinal)
        .Replace(Bot, $"{Bot}\n{Bob}", StringComparison.Ordinal);

    /// <summary>One of them, to be shown.</summary>
    public static string FirstProject { get; } = Project("fraud-detection", 0);

    /// <summary>The folder before the pull request, and after it: file names with what is in them.</summary>
    public static ImmutableDictionary<string, string> Before { get; } = Folder(Teams);

    public static ImmutableDictionary<string, string> After { get; } = Folder(ChangedTeams);

    /// <summary>The pull request.</summary>
    public static ImmutableArray<string> Difference { get; } =
    [
        " metadata: {name: platform}",
        $" {Bot}",
        $"+{Bob}",
        " metadata: {name: analysts}",
        "   - {email: ana@example.com}",
        $"-{Bob}",
        $"-{Carol}",
    ];

    private static ImmutableDictionary<string, string> Folder(string teams) =>
        ImmutableDictionary<string, string>
            .Empty.Add("connections.yaml", Whole(Connections))
            .Add("teams.yaml", Whole(teams))
            .Add("roles.yaml", Whole($"{Analyst}\n---\n{Admin}"))
            .Add(
                "projects.yaml",
                Whole(
                    string.Join(
                        "\n---\n",
                        FirstProject,
                        Project("evals", 1),
                        Project("bare-metal", 2),
                        Project("pricing", 3),
                        Project("website", 4)
                    )
                )
            );

    // Every document begins with the version, which says nothing to somebody who looks at the demo.
    private static string Whole(string documents) =>
        documents.Replace("kind: ", "apiVersion: reconciler.dev/v1alpha1\nkind: ", StringComparison.Ordinal);

    private static string Connection(string name, string type, string url) =>
        $$$"""
            kind: AccessProvider
            metadata: {name: {{{name}}}}
            spec:
              type: {{{type}}}
              baseUrl: {{{url}}}
              credentials: {token: {env: {{{Variable}}}}}
              actingAs: bot@example.com
            """;

    private static string Project(string name, int at) =>
        $$$"""
            kind: ProjectMembership
            metadata: {name: {{{name}}}}
            spec:
              provider: {{{Projects[at].Connection}}}
              projectId: {{{Projects[at].ProjectId}}}
              members:
              - {team: platform, role: admin}
              - {team: analysts, role: analyst}
            """;
}
