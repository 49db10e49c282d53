using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Manifests.Schemas.Crds;

namespace Reconciler.Operator.Schemas;

/// <summary>What the kinds are as resources: short names, columns, statuses.</summary>
internal static class OperatorResources
{
    private static readonly PrinterColumn Age = new("Age", ".metadata.creationTimestamp", "date");

    /// <summary>What a kind has beside the fields of its manifest.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="vendors">The vendors.</param>
    public static CrdParts Of(ManifestKind kind, ImmutableArray<Vendor> vendors) =>
        kind.Name switch
        {
            nameof(ProjectMembership) => new("pm", Membership) { Status = MembershipStatusSchema.Of },
            nameof(AccessProvider) => new("ap", Provider) { Status = ProviderStatusSchema.Of },
            nameof(Team) => new("rteam", [Age]),
            nameof(AccessRole) => new(
                "ar",
                [
                    Age,
                    // The described ones are many, and a wide table would be wider than a screen.
                    .. vendors
                        .Where(v => v.Description is null)
                        .Select(v => new PrinterColumn(v.Name, $".spec.access.{v.Type}") { Wide = true }),
                ]
            ),
            nameof(Person) => new(
                "rperson",
                [new("Email", ".spec.email"), new("Departed", ".spec.departed", "boolean"), Age]
            ),
            nameof(Guardrail) => new("gr", Limits),
            nameof(Approval) => new("rapproval", Approvals),
            nameof(VendorDefinition) => new("vd", Definition) { Status = VendorStatusSchema.Of },
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind.Name, "is no resource"),
        };

    private static ImmutableArray<PrinterColumn> Membership =>
        [
            new("Provider", ".spec.provider"),
            Ready("status") with
            {
                Name = "Ready",
                Description = "Whether everybody has the declared access",
            },
            new("Plan", ".status.summary") { Description = "How many people are as declared, and what is to be done" },
            Age,
            Ready("reason") with
            {
                Name = "Reason",
                Wide = true,
            },
            new("Project", ".spec.projectId") { Wide = true },
            Ready("message") with
            {
                Name = "Message",
                Wide = true,
            },
        ];

    private static ImmutableArray<PrinterColumn> Provider =>
        [
            new("Type", ".spec.type"),
            Ready("status") with
            {
                Name = "Ready",
                Description = "Whether the vendor answers",
            },
            new("Memberships", ".status.memberships", "integer"),
            Age,
            new("Base URL", ".spec.baseUrl") { Wide = true },
            Ready("message") with
            {
                Name = "Message",
                Wide = true,
            },
        ];

    private static ImmutableArray<PrinterColumn> Limits =>
        [
            new("Removals", ".spec.maxRemovals.count", "integer")
            {
                Description = "The most people who may lose access in one project at once",
            },
            new("Percent", ".spec.maxRemovals.percent", "integer")
            {
                Description = "The same in percent of the project's members",
            },
            new("Invitations", ".spec.maxInvitations.count", "integer")
            {
                Description = "The most people whom one plan of a project may newly invite or add",
            },
            new("Admins", ".spec.minAdmins", "integer") { Description = "The fewest administrators" },
            Age,
            new("By provider", ".spec.maxRemovalsPerProvider.count", "integer")
            {
                Description = "The most people who may lose access over a provider's projects",
                Wide = true,
            },
            new("Window", ".spec.maxRemovalsPerProvider.window") { Description = "Within which time", Wide = true },
        ];

    private static ImmutableArray<PrinterColumn> Approvals =>
        [
            new("Reason", ".spec.reason"),
            new("Expires", ".spec.expires"),
            Age,
            new("Hold", ".spec.hold") { Wide = true },
        ];

    private static ImmutableArray<PrinterColumn> Definition =>
        [
            new("Title", ".spec.title"),
            Ready("status") with
            {
                Name = "Ready",
                Description = "Whether AccessProviders can name it",
            },
            Age,
            Ready("reason") with
            {
                Name = "Reason",
                Wide = true,
            },
            new("Digest", ".status.digest") { Wide = true },
            Ready("message") with
            {
                Name = "Message",
                Wide = true,
            },
        ];

    private static PrinterColumn Ready(string field) => new("", $".status.conditions[?(@.type==\"Ready\")].{field}");
}
