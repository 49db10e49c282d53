namespace Reconciler.Hosts.Verbs;

/// <summary>What the demo is about: a small company, its project, and a pull request.</summary>
internal static class DemoStory
{
    public const string Connection = "clarifeye-eu";
    public const string ProjectId = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
    public const string Invited = "ana@example.com";
    public const string Token = "demo-token";
    public const string Variable = "RECONCILER_DEMO_TOKEN";

    public const string Seed = $$$"""
        token: {{{Token}}}
        projects:
        - id: {{{ProjectId}}}
          provider: {{{Connection}}}
          name: Fraud detection
          members:
          - {email: bot@example.com, access: {permissions: [CAN_PERFORM_ADMIN_ACTIONS]}}
          - {email: bob@example.com, access: {permissions: [CAN_VIEW_DATA, CAN_VIEW_TECHNICAL_INTERFACE]}}
          - {email: carol@example.com, access: {permissions: [CAN_RUN_TASKS, CAN_VIEW_DATA]}}
          - {email: stranger@partner.example, access: {permissions: [CAN_VIEW_DATA]}}
        """;

    public const string Manifests = $$$"""
        apiVersion: reconciler.dev/v1alpha1
        kind: AccessProvider
        metadata: {name: {{{Connection}}}}
        spec:
          type: clarifeye
          baseUrl: https://eu.app.clarifeye.ai/api/v1
          credentials: {token: {env: {{{Variable}}}}}
          actingAs: bot@example.com
        ---
        apiVersion: reconciler.dev/v1alpha1
        kind: AccessRole
        metadata: {name: analyst}
        spec:
          access:
            clarifeye: {permissions: [CAN_VIEW_DATA, CAN_RUN_TASKS]}
        ---
        apiVersion: reconciler.dev/v1alpha1
        kind: ProjectMembership
        metadata: {name: fraud-detection}
        spec:
          provider: {{{Connection}}}
          projectId: {{{ProjectId}}}
          prune: owned
          members:
          - {email: bot@example.com, access: {permissions: [CAN_PERFORM_ADMIN_ACTIONS]}}
          - {email: ana@example.com, role: analyst}
          - {email: bob@example.com, role: analyst}
          - {email: carol@example.com, role: analyst}
        """;

    private const string BobBefore = "  - {email: bob@example.com, role: analyst}";
    private const string BobAfter = "  - {email: bob@example.com, access: {permissions: [CAN_PERFORM_ADMIN_ACTIONS]}, reason: SEC-1234}";
    private const string Carol = "  - {email: carol@example.com, role: analyst}";

    public static string ChangedManifests { get; } = Manifests
        .Replace(BobBefore, BobAfter, StringComparison.Ordinal)
        .Replace("\n" + Carol, "", StringComparison.Ordinal);

    public static IReadOnlyList<string> Difference { get; } = [$"-{BobBefore}", $"+{BobAfter}", $"-{Carol}"];
}
