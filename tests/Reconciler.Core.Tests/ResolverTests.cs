using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>Teams, roles, people and entries become people with access.</summary>
public sealed class ResolverTests
{
    private const string Admin = "{email: root@x.example, access: {permissions: [admin]}}";

    [Theory]
    [InlineData("{email: a@x.example, role: analist}", "no AccessRole is named \"analist\"; did you mean \"analyst\"?")]
    [InlineData("{team: platfrom, role: analyst}", "no Team is named \"platfrom\"; did you mean \"platform\"?")]
    [InlineData("{person: daev, role: analyst}", "no Person is named \"daev\"; did you mean \"dave\"?")]
    [InlineData("{email: a@x.example, access: {permissions: [raed]}}", "did you mean \"read\"?")]
    [InlineData("{email: a@x.example, access: {permission: [read]}}", "did you mean \"permissions\"?")]
    public void A_reference_that_leads_nowhere_is_an_error_with_a_suggestion(string entry, string expected) =>
        Resolved.Members(entry, Role, Team("platform", "{email: c@x.example}"), Person).Refused("b.yaml:4:", expected);

    [Theory]
    [InlineData("{email: a@x.example, role: analist}", ProblemKind.MissingReference)]
    [InlineData("{team: platfrom, role: analyst}", ProblemKind.MissingReference)]
    [InlineData("{person: daev, role: analyst}", ProblemKind.MissingReference)]
    [InlineData("{email: a@x.example, access: {permissions: [raed]}}", ProblemKind.Invalid)]
    public void A_problem_says_whether_a_document_is_missing(string entry, ProblemKind expected) =>
        Assert.Equal(
            expected,
            Assert
                .Single(
                    Resolved.Members(entry, Role, Team("platform", "{email: c@x.example}"), Person).Problems,
                    p => p.Severity == Severity.Error
                )
                .Kind
        );

    [Fact]
    public void A_provider_that_is_not_there_is_an_error_with_a_suggestion() =>
        Resolved
            .From(Resolved.Provider, Resolved.Membership(Admin).Replace("acme", "acmee", StringComparison.Ordinal))
            .Refused("no AccessProvider is named \"acmee\"; did you mean \"acme\"?");

    [Fact]
    public void One_invitation_for_several_projects_is_an_error_where_the_vendor_has_none_such() =>
        Resolved
            .From(
                Resolved.Provider.Replace(
                    "type: acme",
                    "type: acme, combineInvitations: true",
                    StringComparison.Ordinal
                )
            )
            .Refused("no invitation of Acme can name several projects");

    [Fact]
    public void A_connection_without_projects_is_one_of_the_connections() =>
        Assert.Equal("acme", Assert.Single(Resolved.From(Resolved.Provider).State.Connections).Name);

    [Fact]
    public void A_team_that_contains_itself_is_an_error_that_shows_the_way() =>
        Resolved
            .From(Team("a", "{team: b}"), Team("b", "{team: c}"), Team("c", "{team: a}"))
            .Refused("the team contains itself: a → b → c → a");

    [Fact]
    public void Teams_nested_too_deep_are_an_error_and_not_the_end_of_the_process()
    {
        var chain = Enumerable
            .Range(0, 20_000)
            .Select(i =>
                "---\napiVersion: reconciler.dev/v1alpha1\n"
                + $"{Team($"t{i:d5}", i == 19_999 ? "{email: a@x.example}" : $"{{team: t{i + 1:d5}}}")}\n"
            );
        Assert.Contains(
            Resolved.From("# chain\n" + string.Concat(chain)).Errors,
            e => e.Contains("nested more than", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Nested_teams_and_teams_reached_twice_give_each_person_once()
    {
        var resolved = Resolved.Members(
            "{team: top, access: {permissions: [admin]}}",
            Team("top", "{team: left}, {team: right}"),
            Team("left", "{team: leaf}"),
            Team("right", "{team: leaf}"),
            Team("leaf", "{email: a@x.example}")
        );
        resolved.Accepted();
        Assert.Equal("a@x.example admin", resolved.Show());
    }

    [Fact]
    public void The_earliest_end_on_the_way_through_teams_counts()
    {
        var resolved = Resolved.Members(
            "{team: top, access: {permissions: [admin]}, expiresAt: 2027-12-31}",
            Team("top", "{team: leaf, expiresAt: 2026-08-31}"),
            Team(
                "leaf",
                "{email: a@x.example, expiresAt: 2026-09-30}, {email: b@x.example, expiresAt: 2026-07-31}, "
                    + "{email: c@x.example, expiresAt: 2026-06-14}"
            )
        );
        Assert.Equal(
            [new(2026, 9, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 8, 1, 0, 0, 0, TimeSpan.Zero)],
            resolved.Project.Members.Select(m => m.ExpiresAt!.Value)
        );
        var removal = Assert.Single(resolved.Project.Removals);
        Assert.Equal(("c@x.example", "expired on 2026-06-14"), (removal.Person.Key, removal.Reason));
    }

    [Fact]
    public void A_date_ends_at_the_end_of_that_day() =>
        Assert.Equal(
            ["a@x.example"],
            Resolved
                .Members(
                    "{email: a@x.example, expiresAt: 2026-06-15, access: {permissions: [admin]}}, "
                        + "{email: b@x.example, expiresAt: 2026-06-14, access: {permissions: [read]}}"
                )
                .Project.Members.Select(m => m.Person.Key)
        );

    [Fact]
    public void Two_entries_for_one_person_add_up() =>
        Assert.Equal(
            "a@x.example admin, read, write",
            Resolved
                .Members(
                    "{email: a@x.example, access: {permissions: [read, admin]}}, {email: A@X.example, access: {permissions: [write]}}"
                )
                .Show()
        );

    [Fact]
    public void An_expired_entry_takes_only_its_own_access_where_another_stands()
    {
        var resolved = Resolved.Members(
            "{email: a@x.example, access: {permissions: [read]}}, {email: a@x.example, "
                + "access: {permissions: [admin]}, expiresAt: 2026-01-01}"
        );
        Assert.Equal("a@x.example read", resolved.Show());
        Assert.Empty(resolved.Project.Removals);
    }

    [Fact]
    public void Of_two_expired_entries_the_later_one_is_told_whatever_their_order()
    {
        string Reason(string first, string second) =>
            Assert.Single(Resolved.Members($"{Expired(first)}, {Expired(second)}, {Admin}").Project.Removals).Reason;
        Assert.Equal("expired on 2026-03-01", Reason("2026-03-01", "2026-02-01"));
        Assert.Equal("expired on 2026-03-01", Reason("2026-02-01", "2026-03-01"));
        static string Expired(string date) =>
            $"{{email: a@x.example, access: {{permissions: [read]}}, expiresAt: {date}}}";
    }

    [Fact]
    public void Two_roles_for_one_person_are_an_error_that_names_both_lines()
    {
        var project =
            "kind: ProjectMembership\nmetadata: {name: demo}\nspec:\n  provider: solo\n"
            + "  projectId: 3c90c3cc-0d44-4b50-8888-8dd25736052a\n  members:\n"
            + "  - {email: a@x.example, access: {role: Manager}}\n  - {email: a@x.example, access: {role: Viewer}}\n";
        Resolved
            .From(Solo, project)
            .Refused("b.yaml:9:5", "\"Viewer\"", "b.yaml:8:5", "\"Manager\"", "Solo takes one role per person");
    }

    [Fact]
    public void A_plain_address_of_a_Person_is_that_Person_and_an_alias_is_an_error()
    {
        Assert.Equal(
            ["dave.old@x.example"],
            Resolved
                .Members("{email: DAVE@x.example, access: {permissions: [admin]}}", Person)
                .Project.Members[0]
                .Person.Aliases
        );
        Resolved
            .Members("{email: dave.old@x.example, access: {permissions: [admin]}}", Person)
            .Refused("is an alias of the Person dave", "person: dave");
    }

    [Fact]
    public void An_address_in_two_Persons_is_an_error_that_names_both() =>
        Resolved
            .From(
                Person,
                Person
                    .Replace("name: dave", "name: david", StringComparison.Ordinal)
                    .Replace("email: dave@", "email: david@", StringComparison.Ordinal)
            )
            .Refused("b.yaml:4:", "dave.old@x.example belongs to the Person dave too, at a.yaml:3:");

    [Fact]
    public void An_id_in_two_Persons_is_an_error() =>
        Resolved
            .From(Resolved.Provider, WithId("dave", "u1"), WithId("eve", "u1"))
            .Refused("belongs to the Person dave too");

    [Fact]
    public void Somebody_declared_by_the_id_that_a_Person_states_is_that_Person()
    {
        var resolved = Resolved.Members(
            "{userId: u1, access: {permissions: [admin]}}, {person: zed, access: {permissions: [read]}}",
            WithId("zed", "u1")
        );
        Assert.Equal("zed@x.example admin, read", resolved.Show());
    }

    [Theory]
    [InlineData("")]
    [InlineData(", departed: true")]
    public void An_alias_that_is_protected_is_an_error(string departed) =>
        Resolved
            .Members(
                $"{Admin}, {{person: dave, access: {{permissions: [read]}}}}",
                Person.Replace("]}", $"]{departed}}}", StringComparison.Ordinal),
                Guardrail("protected: [dave.old@x.example]")
            )
            .Refused("dave.old@x.example is protected by a Guardrail");

    [Fact]
    public void Somebody_departed_is_granted_nowhere_and_removed_where_members_are_managed()
    {
        var gone = Person.Replace("]}", "], departed: true}", StringComparison.Ordinal);
        var project = Resolved.Members($"{Admin}, {{person: dave, access: {{permissions: [read]}}}}", gone).Project;
        Assert.Equal(["root@x.example"], project.Members.Select(m => m.Person.Key));
        Assert.Equal("the Person dave has departed", Assert.Single(project.Removals).Reason);
        Assert.Empty(Resolved.From(Resolved.Provider, NoMembers, gone).Project.Removals);
    }

    [Fact]
    public void Absent_members_are_not_managed_and_an_empty_list_is_nobody()
    {
        Assert.Equal(PrunePolicy.Never, Resolved.From(Resolved.Provider, NoMembers).Project.Prune);
        var none = Resolved.Members("");
        none.Accepted();
        Assert.Equal((PrunePolicy.Owned, true), (none.Project.Prune, none.Project.Members.IsEmpty));
    }

    [Theory]
    [InlineData("{permissions: []}")]
    [InlineData("{owner: false}")]
    [InlineData("{}")]
    public void Access_that_grants_nothing_is_an_error(string access) =>
        Resolved.Members($"{Admin}, {{email: a@x.example, access: {access}}}").Refused("grants nothing");

    [Fact]
    public void Namespaces_do_not_see_each_other()
    {
        var elsewhere = Team("platform", "{email: c@x.example}")
            .Replace("name: platform", "name: platform, namespace: other", StringComparison.Ordinal);
        Resolved
            .Members("{team: platform, access: {permissions: [admin]}}", elsewhere)
            .Refused("no Team is named \"platform\"");
    }

    [Theory]
    [InlineData("kind: Team\nmetadata: {name: platform}\nspec: {members: [{emial: c@x.example}]}")]
    [InlineData("kind: Taem\nmetadata: {name: platform}\nspec: {members: []}")]
    [InlineData("apiVersion: reconciler.dev/v1\nkind: Team\nmetadata: {name: platform}\nspec: {members: []}")]
    [InlineData("kind: Team\nspec: {members: []}")]
    [InlineData("kind: [")]
    public void A_broken_document_causes_no_noise_about_references_to_it(string broken) =>
        Assert.All(
            Resolved.Members("{team: platform, access: {permissions: [admin]}}", broken).Errors,
            e => Assert.StartsWith("c.yaml:", e, StringComparison.Ordinal)
        );

    [Fact]
    public void Without_an_admin_and_without_actingAs_there_are_warnings()
    {
        var provider = Resolved.Provider.Replace("actingAs: bot@x.example, ", "", StringComparison.Ordinal);
        var resolved = Resolved.From(
            provider,
            Resolved.Membership("{email: a@x.example, access: {permissions: [read]}}")
        );
        resolved.Accepted();
        Assert.Collection(
            resolved.Warnings,
            w => Assert.Contains("actingAs is missing", w, StringComparison.Ordinal),
            w => Assert.Contains("no member with admin access", w, StringComparison.Ordinal)
        );
        Assert.Empty(Resolved.Members(Admin).Warnings);
    }

    [Fact]
    public void The_defaults_of_the_provider_hold_where_the_membership_says_nothing()
    {
        var provider = Resolved.Provider.Replace(
            "credentials:",
            "defaults: {prune: all, interval: 1h, deletionPolicy: revoke, invitations: {resendAfter: 72h, maxResends: 5}}, credentials:",
            StringComparison.Ordinal
        );
        var plain = Resolved.From(provider, Resolved.Membership(Admin)).Project;
        Assert.Equal(
            (PrunePolicy.All, DeletionPolicy.Revoke, TimeSpan.FromHours(1)),
            (plain.Prune, plain.DeletionPolicy, plain.Interval)
        );
        var own = Resolved
            .From(provider, Resolved.Membership(Admin, more: ", prune: never, invitations: {maxResends: 1}"))
            .Project;
        Assert.Equal(
            (PrunePolicy.Never, TimeSpan.FromDays(3), 1),
            (own.Prune, own.Invitations.ResendAfter!.Value, own.Invitations.MaxResends)
        );
    }

    private const string Role =
        "kind: AccessRole\nmetadata: {name: analyst}\nspec: {access: {acme: {permissions: [admin]}}}";
    private const string Person =
        "kind: Person\nmetadata: {name: dave}\nspec: {email: dave@x.example, aliases: [dave.old@x.example]}";
    private const string NoMembers =
        "kind: ProjectMembership\nmetadata: {name: demo}\nspec: {provider: acme, projectId: p-1}";
    private const string Solo =
        "kind: AccessProvider\nmetadata: {name: solo}\nspec: {type: solo, baseUrl: https://solo.example/api, "
        + "actingAs: bot@x.example, credentials: {token: {env: RECONCILER_T}}}";

    private static string Team(string name, string members) =>
        $"kind: Team\nmetadata: {{name: {name}}}\nspec: {{members: [{members}]}}";

    private static string WithId(string name, string id) =>
        $"kind: Person\nmetadata: {{name: {name}}}\nspec: {{email: {name}@x.example, userIds: {{acme: {id}}}}}";

    private static string Guardrail(string spec) =>
        $"kind: Guardrail\nmetadata: {{name: g}}\nspec: {{selector: {{}}, {spec}}}";
}
