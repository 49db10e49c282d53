using Reconciler.Core.Manifests;

namespace Reconciler.Manifests.Schemas;

/// <summary>
/// Holds one short document of each kind, which work together. The reference pages print them.
/// </summary>
public static class ReferenceExamples
{
    private const string Provider = """
        apiVersion: reconciler.dev/v1alpha1
        kind: AccessProvider
        metadata:
          name: clarifeye-eu
        spec:
          type: clarifeye
          baseUrl: https://eu.app.clarifeye.ai/api/v1
          credentials:
            token: {env: RECONCILER_CLARIFEYE_TOKEN}
          actingAs: bot@example.com
          defaults:
            interval: 10m
            invitations: {resendAfter: 72h}

        """;

    private const string Membership = """
        apiVersion: reconciler.dev/v1alpha1
        kind: ProjectMembership
        metadata:
          name: fraud-detection
          labels: {tier: prod}
        spec:
          provider: clarifeye-eu
          projectId: 3c90c3cc-0d44-4b50-8888-8dd25736052a
          prune: owned
          members:
          - {email: ana@example.com, role: analyst}
          - {email: bob@example.com, access: {permissions: [CAN_VIEW_DATA]}, expiresAt: 2099-12-31, reason: SEC-1234}
          - {team: platform, access: {permissions: [CAN_VIEW_DATA, CAN_PERFORM_ADMIN_ACTIONS]}}

        """;

    private const string Team = """
        apiVersion: reconciler.dev/v1alpha1
        kind: Team
        metadata:
          name: platform
        spec:
          members:
          - {email: carol@example.com}
          - {person: dave}

        """;

    private const string Role = """
        apiVersion: reconciler.dev/v1alpha1
        kind: AccessRole
        metadata:
          name: analyst
        spec:
          access:
            clarifeye: {permissions: [CAN_VIEW_DATA, CAN_RUN_TASKS]}
            confident-ai: {role: Member}
            equinix-metal: {roles: [collaborator]}
            gorules: {groups: [Editors], owner: false}

        """;

    private const string Person = """
        apiVersion: reconciler.dev/v1alpha1
        kind: Person
        metadata:
          name: dave
        spec:
          email: dave@example.com
          aliases: [dave.old@example.com]

        """;

    private const string Guardrail = """
        apiVersion: reconciler.dev/v1alpha1
        kind: Guardrail
        metadata:
          name: everywhere
        spec:
          selector: {}
          maxRemovals: {count: 10, percent: 25}
          maxInvitations: {count: 20}
          minAdmins: 1
          protected: [root@example.com]
          allowedDomains: [example.com]
          forbiddenAccess:
            clarifeye: {permissions: [CAN_IMPERSONATE_OTHER_USERS]}

        """;

    private const string Approval = """
        apiVersion: reconciler.dev/v1alpha1
        kind: Approval
        metadata: {name: leavers-of-march}
        spec:
          hold: hold:sha256:0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f
          reason: "SEC-1234: the contractors left"
          expires: 2026-03-04T12:00:00Z

        """;

    private const string Definition = """
        apiVersion: reconciler.dev/v1alpha1
        kind: VendorDefinition
        metadata: {name: tickets}
        spec:
          title: Tickets
          urls: [https://api.tickets.example/v1]
          token: {header: Authorization, prefix: "Bearer "}
          access:
          - name: role
            form: word
            description: What the person may do in the queue.
            known: [agent, lead]
            admin: [lead]
            required: true
          members:
            path: /queues/{project}/members
            items: /members
            id: /id
            email: /email
            access: {role: {at: /role}}
          calls:
            invite:
              method: POST
              path: /queues/{project}/members
              effect: mails
              body: {email: "{email}", role: "{access.role}"}
            update:
              method: PUT
              path: /queues/{project}/members/{member.id}
              effect: idempotent
              body: {role: "{access.role}"}
            remove:
              method: DELETE
              path: /queues/{project}/members/{member.id}
              effect: idempotent
              proof: {status: true}

        """;

    /// <summary>The example of a kind.</summary>
    /// <param name="kind">The kind.</param>
    public static string Of(ManifestKind kind) =>
        kind.Name switch
        {
            "AccessProvider" => Provider,
            "ProjectMembership" => Membership,
            "Team" => Team,
            "AccessRole" => Role,
            "Person" => Person,
            "Guardrail" => Guardrail,
            "Approval" => Approval,
            "VendorDefinition" => Definition,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind.Name, "has no example"),
        };
}
