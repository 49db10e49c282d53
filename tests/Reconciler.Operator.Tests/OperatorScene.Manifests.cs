using System.Text.Json.Nodes;
using Reconciler.Testing.Contract;

namespace Reconciler.Operator.Tests;

/// <summary>The documents that a test writes, and what a resource says of itself.</summary>
internal sealed partial class OperatorScene
{
    /// <summary>Makes many memberships, faster than kubectl would.</summary>
    public Task CreateAsync(
        IEnumerable<(string Name, VendorRow Vendor, string ProjectId, IEnumerable<string> Emails)> memberships
    ) =>
        Parallel.ForEachAsync(
            memberships,
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancellation },
            async (one, cancellation) =>
            {
                var members = one
                    .Emails.Select(e =>
                        (JsonNode)
                            new JsonObject
                            {
                                ["email"] = e,
                                ["access"] = new JsonObject { ["permissions"] = new JsonArray("CAN_VIEW_DATA") },
                            }
                    )
                    .Append(
                        new JsonObject
                        {
                            ["email"] = Bot,
                            ["access"] = new JsonObject
                            {
                                ["permissions"] = new JsonArray("CAN_VIEW_DATA", "CAN_PERFORM_ADMIN_ACTIONS"),
                            },
                        }
                    );
                var membership = new JsonObject
                {
                    ["apiVersion"] = "reconciler.dev/v1alpha1",
                    ["kind"] = "ProjectMembership",
                    ["metadata"] = new JsonObject { ["name"] = one.Name },
                    ["spec"] = new JsonObject
                    {
                        ["provider"] = "vendor",
                        ["projectId"] = one.ProjectId,
                        ["members"] = new JsonArray([.. members]),
                    },
                };
                await _admin.CreateAsync(Memberships, Space, membership, cancellation);
            }
        );

    /// <summary>
    /// Makes one membership that is too large for kubectl apply, which writes it into an annotation too.
    /// </summary>
    public Task CreateAsync(JsonObject membership) => _admin.CreateAsync(Memberships, Space, membership, Cancellation);

    public static string Secret(string token) =>
        $$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: vendor, labels: {reconciler.dev/credential: "true"} }
            stringData: {token: "{{token}}"}
            """;

    public string Provider(VendorRow vendor, string more = "") =>
        $$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: vendor}
            spec:
              type: {{{vendor.Type}}}
              baseUrl: {{{Sandbox.BaseUrl(vendor.Connection)}}}
              credentials:
                token:
                  secretRef: {name: vendor, key: token}
              actingAs: {{{Bot}}}
            {{{more}}}
            """;

    /// <summary>A Guardrail over everything in the namespace.</summary>
    public static string Guardrail(string limits) =>
        $$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: Guardrail
            metadata: {name: everywhere}
            spec: {selector: {}, {{limits}}}
            """;

    /// <summary>
    /// A membership with the bot and these people; whoever has no <c>email:</c> gets one, and the lesser access.
    /// </summary>
    public static string Membership(VendorRow vendor, string more, params IEnumerable<string> members) =>
        Membership("fraud", vendor, vendor.ProjectId, more, members);

    public static string Membership(
        string name,
        VendorRow vendor,
        string projectId,
        string more,
        params IEnumerable<string> members
    ) =>
        $$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: {name: {{{name}}}, labels: {tier: prod}}
            spec:
              provider: vendor
              projectId: "{{{projectId}}}"
            {{{more}}}
              members:
              - {email: {{{Bot}}}, access: {{{vendor.Greater}}} }
            {{{string.Join(
                '\n',
                members.Select(m =>
                    m.Contains(':', StringComparison.Ordinal)
                        ? $"  - {{{m}}}"
                        : $"  - {{email: {m}, access: {vendor.Lesser}}}"
                )
            )}}}
            """;

    /// <summary>A condition of a resource: its status, reason and message; null where it is absent.</summary>
    public static (string Status, string Reason, string Message)? Condition(JsonObject resource, string type) =>
        (resource["status"]?["conditions"] as JsonArray)
            ?.OfType<JsonObject>()
            .FirstOrDefault(c => (string?)c["type"] == type)
            is { } condition
            ? ((string)condition["status"]!, (string)condition["reason"]!, (string)condition["message"]!)
            : null;

    /// <summary>Whether Ready says this of the newest spec.</summary>
    public static bool Is(JsonObject resource, string status, string reason) =>
        (long?)resource["status"]?["observedGeneration"] == (long?)resource["metadata"]!["generation"]
        && Condition(resource, "Ready") is { } ready
        && ready.Status == status
        && ready.Reason == reason;

    public static bool IsConverged(JsonObject resource) => Is(resource, "True", "Converged");
}
