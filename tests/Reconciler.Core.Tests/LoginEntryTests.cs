using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Offboarding;
using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>Entries and Persons that name people by logins.</summary>
public sealed class LoginEntryTests
{
    private const string Hub =
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
            Membership($"{Root}, {{login: ana, access: {{role: read}}}}, {{login: Ana, access: {{role: read}}}}"),
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
            "kind: Person\nmetadata: {name: ci}\nspec: {email: ci@x.example, logins: {hub: deploy}, userIds: {acme: 7}}",
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
        Resolved.From(Hub, Membership(Root).Replace("octo/repo", id)).Refused("spec.projectId", message);

    [Fact]
    public void Two_documents_of_one_project_in_another_case_are_refused() =>
        Resolved
            .From(Hub, Membership(Root), Membership(Root).Replace("octo/repo", "Octo/Repo").Replace("demo", "other"))
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
    public void Offboarding_finds_a_person_by_the_login_and_every_line_that_names_it()
    {
        var read = Resolved.From(
            Hub,
            Membership("{login: octocat, access: {role: read}}"),
            Ana,
            "kind: Team\nmetadata: {name: all}\nspec: {members: [{login: Octocat}]}"
        );
        var provider = read.State.Connections[0];
        var subject = OffboardingSubject.Of(NamedPerson.Parse("ana@x.example")!, read.Manifests, [provider]);

        Assert.True(subject.Is(provider, "other", "OctoCat", null));
        Assert.True(subject.Is(provider, "other", "renamed", "583231"));
        Assert.False(subject.Is(provider, "other", "mona", "1"));
        Assert.Equal(
            [MentionKind.Member, MentionKind.Person, MentionKind.TeamMember],
            subject.ReferencesIn(read.Manifests, Enumerable.Empty<string>().ToLookup(_ => "")).Select(r => r.Kind)
        );
    }

    [Fact]
    public void Offboarding_names_no_line_of_somebody_with_the_same_login_elsewhere()
    {
        var project = Membership(
            "{login: octocat, access: {role: read}}, {login: mona, id: 583231, access: {role: read}}"
        );
        var read = Resolved.From(
            Hub,
            project,
            Ana.Replace("hub: octocat", "elsewhere: octocat").Replace("hub: 583231", "hub-repository: 583231"),
            Hub.Replace("acme-hub", "elsewhere")
        );
        var subject = OffboardingSubject.Of(
            NamedPerson.Parse("ana@x.example")!,
            read.Manifests,
            [read.State.Connections[0]]
        );

        var lines = subject.ReferencesIn(read.Manifests, Enumerable.Empty<string>().ToLookup(_ => ""));

        Assert.Equal([MentionKind.Member, MentionKind.Person], lines.Select(l => l.Kind));
        Assert.Equal(project.Split('\n')[^1].IndexOf("{login: mona", StringComparison.Ordinal) + 1, lines[0].At.Column);
    }

    [Theory]
    [InlineData("acme-hub:OCTOCAT")]
    [InlineData("hub:octocat")]
    [InlineData("hub-repository:octocat")]
    public void A_login_at_a_connection_vendor_or_site_is_the_person_who_states_it(string name)
    {
        var read = Resolved.From(Hub, Membership("{login: octocat, access: {role: read}}"), Ana);

        var subject = OffboardingSubject.Of(NamedPerson.Parse(name)!, read.Manifests, read.State.Connections);

        Assert.Equal("ana", Assert.Single(subject.Persons).Metadata.Name);
        Assert.Equal(["ana@x.example"], subject.OtherAddresses);
        Assert.True(subject.Is(read.State.Connections[0], "other", "renamed", "583231"));
        Assert.Equal(name, subject.Names.Email, ignoreCase: true);
    }

    [Fact]
    public void A_login_that_no_Person_states_is_asked_for_at_its_place_alone()
    {
        var read = Resolved.From(
            Hub,
            Hub.Replace("acme-hub", "elsewhere").Replace("hub.example", "hub.example/eu"),
            Membership("{login: mona, access: {role: read}}"),
            "kind: Team\nmetadata: {name: all}\nspec: {members: [{login: mona}]}"
        );
        var (hub, elsewhere) = (
            read.State.Connections.Single(c => c.Name == "acme-hub"),
            read.State.Connections.Single(c => c.Name == "elsewhere")
        );

        var subject = OffboardingSubject.Of(
            NamedPerson.Parse("acme-hub:mona")!,
            read.Manifests,
            read.State.Connections
        );

        Assert.Empty(subject.Persons);
        Assert.Empty(subject.OtherAddresses);
        Assert.True(subject.MayBeAt(hub));
        Assert.False(subject.MayBeAt(elsewhere));
        Assert.True(subject.Is(hub, "other", "Mona", null));
        Assert.False(subject.Is(elsewhere, "mona", "mona", null));
        Assert.Equal("mona", Assert.Single(subject.LeavingFrom(read.Project).Removals).Person.Key);
        Assert.True(subject.IsDeclaredIn(read.Project));
        Assert.Equal(["mona"], subject.KeysIn(read.Project.Key));
        Assert.Empty(subject.KeysIn(read.Project.Key with { BaseUrl = elsewhere.BaseUrl.AbsoluteUri }));
        Assert.Equal(
            [MentionKind.Member, MentionKind.TeamMember],
            subject.ReferencesIn(read.Manifests, Enumerable.Empty<string>().ToLookup(_ => "")).Select(r => r.Kind)
        );
        Assert.Equal(["monna"], subject.Near(["monna", "hubert", "mona", "mona@x.example"]));
    }

    [Theory]
    [InlineData(
        "gitlab:mona",
        "\"gitlab\" is no connection, vendor or site whose people have logins; expected one of "
    )]
    [InlineData("ana@x.example", null)]
    [InlineData("hub:mona", null)]
    public void A_place_without_logins_is_told_with_those_that_have_them(string name, string? problem)
    {
        var read = Resolved.From(Hub, Membership("{login: octocat, access: {role: read}}"));

        var found = OffboardingSubject.ProblemOfPlace(NamedPerson.Parse(name)!, read.State.Connections);

        Assert.StartsWith(problem ?? "", found ?? "", StringComparison.Ordinal);
        Assert.Equal(problem is null, found is null);
        Assert.True(found is null || found.EndsWith("acme-hub, hub, hub-repository", StringComparison.Ordinal), found);
    }

    [Theory]
    [InlineData("ana")]
    [InlineData(":octocat")]
    [InlineData("github:")]
    [InlineData("github:a b")]
    [InlineData("github:a:b")]
    [InlineData("")]
    public void Other_words_name_nobody(string words)
    {
        Assert.Null(NamedPerson.Parse(words));
        Assert.NotNull(NamedPerson.WhyNone(words));
    }

    [Fact]
    public void A_letter_of_another_script_in_a_login_is_a_warning() =>
        Assert.Contains(
            Read("{login: oct\u043ecat, access: {role: read}}").Warnings,
            w => w.Contains("mixes scripts", StringComparison.Ordinal)
        );

    private const string Ana =
        "kind: Person\nmetadata: {name: ana}\n"
        + "spec: {email: ana@x.example, logins: {hub: octocat}, userIds: {hub: 583231}}";

    private static string Membership(string entries) =>
        "kind: ProjectMembership\nmetadata: {name: demo}\n"
        + $"spec: {{provider: acme-hub, projectId: octo/repo, members: [{entries}]}}";

    private static Resolved Read(string entries, params string[] documents) =>
        Resolved.From([
            Hub,
            Membership(entries.Contains("root", StringComparison.Ordinal) ? entries : $"{entries}, {Root}"),
            .. documents,
        ]);
}
