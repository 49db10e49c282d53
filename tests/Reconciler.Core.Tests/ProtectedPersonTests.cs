using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>A rule about an address covers every address, alias and id of the Person who has it.</summary>
public sealed class ProtectedPersonTests
{
    private const string Person = """
        kind: Person
        metadata: {name: ana}
        spec: {email: ana@x.example, aliases: [ana.old@x.example], userIds: {acme: u-ana}}
        """;

    private const string Entries = "{email: boss@x.example, access: {permissions: [admin]}}";

    [Theory]
    [InlineData("ana@x.example", "ana.old@x.example", "u1")]
    [InlineData("ana@x.example", "else@x.example", "u-ana")]
    [InlineData("ana@x.example", "", "u-ana")]
    [InlineData("ana.old@x.example", "ana@x.example", "u1")]
    [InlineData("ANA@X.example", "Ana.Old@x.example", "u1")]
    public void A_protected_Person_is_never_removed_whatever_the_vendor_calls_them(
        string named,
        string listed,
        string id
    ) =>
        Stays(
            Project($"kind: Guardrail\nmetadata: {{name: g}}\nspec: {{selector: {{}}, protected: [{named}]}}"),
            listed,
            id,
            listed.Length == 0 ? FindingKind.Unclear : FindingKind.Protected
        );

    [Fact]
    public void An_internationalised_address_is_protected_in_every_spelling() =>
        Stays(
            Project("kind: Guardrail\nmetadata: {name: g}\nspec: {selector: {}, protected: [kim@münchen.example]}"),
            "kim@xn--mnchen-3ya.example",
            "u1",
            FindingKind.Protected
        );

    [Fact]
    public void The_account_that_Reconciler_acts_as_is_known_by_every_address_and_id_of_its_Person()
    {
        var project = Project("", "actingAs: ana.old@x.example");
        Stays(project, "ana@x.example", "u1", FindingKind.Protected);
        Stays(project, "else@x.example", "u-ana", FindingKind.Protected);
    }

    [Fact]
    public void Somebody_ignored_is_left_alone_under_every_address_and_id_of_their_Person()
    {
        var project = Project("", "ignore: [\"*.old@x.example\"]");
        Assert.Equal(1, Plan(project, "ana@x.example", "u1").LeftAlone);
        Assert.Equal(1, Plan(project, "else@x.example", "u-ana").LeftAlone);
        Assert.Single(Plan(project, "bob@x.example", "u2").Actions);
    }

    [Fact]
    public void Limits_as_they_are_remembered_cover_the_Person_too() =>
        Assert.Equal(
            ["ana.old@x.example", "ana@x.example", "id:u-ana"],
            Project("kind: Guardrail\nmetadata: {name: g}\nspec: {selector: {}, protected: [ana@x.example]}")
                .Limits.Protected.Order(StringComparer.Ordinal)
        );

    private static DesiredProject Project(string guardrail, string more = "actingAs: bot@x.example")
    {
        var provider = Resolved.Provider.Replace("actingAs: bot@x.example", more, StringComparison.Ordinal);
        string[] rest = guardrail.Length == 0 ? [Person] : [Person, guardrail];
        var resolved = Resolved.From([provider, Resolved.Membership(Entries, more: ", prune: all"), .. rest]);
        resolved.Accepted();
        return resolved.Project;
    }

    private static ProjectPlan Plan(DesiredProject project, string email, string id)
    {
        var read = project.Provider.Vendor.Grants("read");
        return Planner.Plan(
            project,
            new(
                [
                    new("m0", "u0", "boss@x.example", project.Provider.Vendor.Grants("admin")),
                    new("m1", id, email, read),
                ],
                []
            ),
            ProjectLedger.Empty,
            World.Now
        );
    }

    private static void Stays(DesiredProject project, string email, string id, FindingKind kind)
    {
        var plan = Plan(project, email, id);
        plan.Does();
        Assert.Contains(plan.Findings, f => f.Kind == kind);
        var departed = project with
        {
            Removals =
            [
                new(
                    World.Person(email.Length > 0 ? email : "none@x.example", id),
                    "offboarding",
                    Reconciler.Core.Manifests.Tree.Position.None
                ),
            ],
        };
        Plan(departed, email, id).Does();
    }
}
