using Reconciler.Core.Membership;
using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>Entries and Persons that name people by logins.</summary>
public sealed class LoginEntryTests
{
    internal const string Hub =
        "kind: AccessProvider\nmetadata: {name: acme-hub}\n"
        + "spec: {type: hub-repository, baseUrl: https://api.hub.example, credentials: {token: {env: RECONCILER_T}}}";

    private const string Root = "{login: root, access: {role: admin}}";

    [Theory]
    [InlineData("583231")]
    [InlineData("\"583231\"")]
    public void An_entry_may_pin_a_login_with_or_without_quotes(string id)
    {
        var read = Read($"{{login: Octocat, id: {id}, access: {{role: read}}}}");

        read.Accepted();
        var person = read.Project.Members[0].Person;
        Assert.Equal(("octocat", "Octocat", "583231"), (person.Key, person.Label, person.UserId));
    }

    [Theory]
    [InlineData("acme-hub")]
    [InlineData("hub-repository")]
    [InlineData("hub")]
    public void A_person_states_logins_and_ids_by_connection_vendor_or_site(string place)
    {
        var read = Read(
            "{person: ana, access: {role: read}}",
            $"kind: Person\nmetadata: {{name: ana}}\n"
                + $"spec: {{email: ana@x.example, logins: {{{place}: octocat}}, userIds: {{{place}: 583231}}}}"
        );

        read.Accepted();
        var person = read.Project.Members[0].Person;
        Assert.Equal(("octocat", "583231"), (person.Key, person.UserId));
        Assert.Equal(["ana@x.example"], person.Aliases);
    }

    [Fact]
    public void An_address_a_login_a_person_and_a_team_add_up_to_one_person()
    {
        var read = Read(
            "{login: OctoCat, access: {role: read}}, {email: ana@x.example, access: {role: read}}, "
                + "{person: ana, access: {role: read}}, {team: all, access: {role: read}}",
            Ana,
            "kind: Team\nmetadata: {name: all}\nspec: {members: [{login: octocat}, {email: ana@x.example}]}"
        );

        read.Accepted();
        Assert.Equal("octocat read; root admin", read.Show());
    }

    [Theory]
    [InlineData(
        "{email: bob@x.example, access: {role: read}}",
        "bob@x.example by an address, and Hub knows people by logins"
    )]
    [InlineData("{login: a@x.example, access: {role: read}}", "is an address, and no login; expected a login")]
    [InlineData("{login: bob, id: a/b, access: {role: read}}", "is \"a/b\"; expected an id without spaces")]
    [InlineData(
        "{email: ana@x.example, id: 7, access: {role: read}}",
        "pins a login, and the entry names nobody by one"
    )]
    [InlineData(
        "{login: bob, id: 7, access: {role: read}}, {login: Bob, id: 8, access: {role: read}}",
        "pins Bob to the id \"8\", and b.yaml:4:"
    )]
    [InlineData(
        "{login: octocat, id: 8, access: {role: read}}",
        "pins octocat to the id \"8\", and the Person ana has \"583231\""
    )]
    public void An_entry_that_names_nobody_for_certain_is_refused(string entry, string message) =>
        Read(entry, Ana).Refused(message);

    [Fact]
    public void The_pin_of_one_entry_holds_for_all_entries_of_the_login()
    {
        var read = Read("{login: mona, access: {role: read}}, {login: mona, id: 7, access: {role: read}}");

        Assert.Equal("7", read.Project.Members.Single(m => m.Person.Key == "mona").Person.UserId);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("\"7\"")]
    public void An_entry_may_name_somebody_by_an_id_with_or_without_quotes(string id) =>
        Assert.Contains(
            Read($"{{userId: {id}, access: {{role: read}}}}").Project.Members,
            m => m.Person is { UserId: "7", Login: null }
        );

    [Fact]
    public void Two_spellings_are_two_people_where_case_counts()
    {
        string[] documents =
        [
            Hub,
            HubProject($"{Root}, {{login: ana, access: {{role: read}}}}, {{login: Ana, access: {{role: read}}}}"),
        ];

        Resolved.From(documents).Accepted();
        Resolved
            .From(
                r =>
                    r with
                    {
                        Vendors = VendorSet.Of([
                            TestVendors.Hub with
                            {
                                Logins = new(CaseCounts: true, FindsAccounts: true),
                            },
                        ]),
                    },
                documents
            )
            .Refused("names Ana, and b.yaml:", "which are two people at Hub; expected one spelling");
    }

    [Fact]
    public void A_login_or_id_elsewhere_makes_nobody_here_protected()
    {
        var read = Read(
            Root,
            "kind: Person\nmetadata: {name: ci}\n"
                + "spec: {email: ci@x.example, logins: {hub: deploy}, userIds: {acme: 7}}",
            Resolved.Provider,
            "kind: Guardrail\nmetadata: {name: g}\nspec: {selector: {}, protected: [ci@x.example]}"
        );

        read.Accepted();
        Assert.Equal(["ci@x.example", "deploy"], read.Project.Limits.Protected.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_login_at_a_vendor_that_knows_people_by_addresses_is_refused()
    {
        Resolved
            .Members("{login: octocat, access: {permissions: [admin]}}")
            .Refused("b.yaml:", "names octocat by a login, and Acme knows people by addresses");
        Resolved
            .From(
                Resolved.Provider,
                "kind: Person\nmetadata: {name: ana}\nspec: {email: ana@x.example, logins: {acme: octocat}}"
            )
            .Refused("spec.logins.acme", "Acme knows people by addresses");
    }

    [Fact]
    public void Two_persons_with_one_login_are_refused() =>
        Resolved
            .From(Hub, Ana, Ana.Replace("name: ana", "name: bob").Replace("ana@", "bob@").Replace("583231", "9"))
            .Refused("octocat belongs to the Person ana too");

    [Fact]
    public void A_place_that_is_no_connection_vendor_or_site_is_refused() =>
        Resolved
            .From(Hub, Ana.Replace("{hub: octocat}", "{hab: octocat}"))
            .Refused("no AccessProvider is named \"hab\"");

    [Theory]
    [InlineData("octo", "expected 2 names with / between, such as name/name")]
    [InlineData("octo/repo/x", "expected 2 names with / between")]
    [InlineData("octo/..", "each name without dots alone")]
    [InlineData("octo/", "each name without dots alone")]
    [InlineData("octo/re%2fpo", "each name without dots alone")]
    public void An_id_of_a_project_with_another_form_is_refused(string id, string message) =>
        Resolved.From(Hub, HubProject(Root).Replace("octo/repo", id)).Refused("spec.projectId", message);

    [Fact]
    public void Two_documents_of_one_project_in_another_case_are_refused() =>
        Resolved
            .From(Hub, HubProject(Root), HubProject(Root).Replace("octo/repo", "Octo/Repo").Replace("demo", "other"))
            .Refused("declares the project octo/repo, which");

    [Fact]
    public void A_guardrail_protects_a_person_by_the_login_too_and_domains_do_not_matter()
    {
        var read = Read(
            "{login: octocat, access: {role: read}}",
            Ana,
            "kind: Guardrail\nmetadata: {name: g}\n"
                + "spec: {selector: {}, protected: [ana@x.example], allowedDomains: [y.example]}"
        );

        read.Accepted();
        Assert.Contains("octocat", read.Project.Limits.Protected);
    }

    [Fact]
    public void Somebody_departed_is_taken_away_under_the_login()
    {
        var read = Read(Root, Ana.Replace("spec: {", "spec: {departed: true, "));

        Assert.Equal("octocat", Assert.Single(read.Project.Removals).Person.Key);
    }

    [Fact]
    public void A_connection_that_tells_whose_token_it_is_needs_no_acting_as() =>
        Assert.DoesNotContain(Read(Root).Warnings, w => w.Contains("actingAs", StringComparison.Ordinal));

    [Fact]
    public void A_letter_of_another_script_in_a_login_is_a_warning() =>
        Assert.Contains(
            Read("{login: oct\u043ecat, access: {role: read}}").Warnings,
            w => w.Contains("mixes scripts", StringComparison.Ordinal)
        );

    internal const string Ana =
        "kind: Person\nmetadata: {name: ana}\n"
        + "spec: {email: ana@x.example, logins: {hub: octocat}, userIds: {hub: 583231}}";

    internal static string HubProject(string entries) =>
        "kind: ProjectMembership\nmetadata: {name: demo}\n"
        + $"spec: {{provider: acme-hub, projectId: octo/repo, members: [{entries}]}}";

    private static Resolved Read(string entries, params string[] documents) =>
        Resolved.From([
            Hub,
            HubProject(entries.Contains("root", StringComparison.Ordinal) ? entries : $"{entries}, {Root}"),
            .. documents,
        ]);
}
