using System.Collections.Immutable;
using Reconciler.Core.Importing;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Resolving;
using Reconciler.Manifests;
using Reconciler.Providers;
using Reconciler.Testing.Contract;

namespace Reconciler.Core.Tests.Importing;

public sealed class ImportDrafterTests
{
    private const string View = "CAN_VIEW_DATA";
    private const string Run = "CAN_RUN_TASKS";

    private static readonly DateTimeOffset Then = new(2026, 11, 1, 9, 0, 0, TimeSpan.Zero);

    private readonly ManifestSet _existing = new();
    private string _ignore = "[]";

    [Fact]
    public void People_with_the_same_access_in_several_projects_become_a_team()
    {
        var draft = Fold(
            Project("a", "ana", "bob", "cy"),
            Project("b", "ana", "bob", "cy", "dan"),
            Project("c", "dan")
        );
        var team = Assert.Single(draft.Teams);
        Assert.Equal("a-team", team.Name);
        Assert.Equal(["a", "b"], team.Projects);
        Assert.Equal(["ana@example.com", "bob@example.com", "cy@example.com"], team.Members.Select(m => m.Value));
        Assert.Equal(
            ["a: team a-team", "b: team a-team, email dan@example.com", "c: email dan@example.com"],
            Show(draft)
        );
    }

    [Fact]
    public void Somebody_who_has_more_than_a_team_is_in_it_all_the_same()
    {
        var draft = Fold(
            Project("a", "ana", "bob", "cy"),
            Project("b", "ana", "bob", "cy"),
            Project("c", "cy", "dan", "eve"),
            Project("d", "cy", "dan", "eve")
        );
        Assert.Equal(["a: team a-team", "b: team a-team", "c: team c-team", "d: team c-team"], Show(draft));
        Assert.Equal(2, draft.Teams.Count(t => t.Members.Any(m => m.Value == "cy@example.com")));
    }

    [Fact]
    public void Access_that_differs_keeps_people_out_of_a_team()
    {
        var other = Project("b", "ana", "bob") with { };
        var draft = Fold(
            Project("a", "ana", "bob", "cy"),
            other with
            {
                Live = other.Live with { Members = other.Live.Members.Add(Member("cy", Run)) },
            }
        );
        Assert.Empty(draft.Teams);
    }

    [Fact]
    public void A_team_that_saves_no_line_is_not_proposed() =>
        Assert.Empty(Fold(Project("a", "ana", "bob"), Project("b", "ana", "bob")).Teams);

    [Fact]
    public void Somebody_invited_stays_on_a_line_of_their_own()
    {
        var waiting = Project("b", "ana", "bob", "cy");
        var draft = Fold(
            Project("a", "ana", "bob", "cy", "dan"),
            waiting with
            {
                Live = waiting.Live with { Invitations = [Invited("dan", View)] },
            }
        );
        Assert.Equal(["a: team a-team, email dan@example.com", "b: team a-team, email dan@example.com"], Show(draft));
        Assert.Equal(Then, Assert.Single(draft.Projects[1].Entries, e => !e.IsTeam).InvitedAt);
    }

    [Fact]
    public void Somebody_whose_access_ends_stays_on_a_line_of_their_own()
    {
        var people = People(Project("a", "ana", "bob", "cy", "dan"), Project("b", "ana", "bob", "cy", "dan"));
        var ending = people.Projects[1];

        var draft = ImportDrafter.Fold(
            people with
            {
                Projects =
                [
                    people.Projects[0],
                    ending with
                    {
                        Entries = ending.Entries.Replace(
                            ending.Entries[3],
                            ending.Entries[3] with
                            {
                                ExpiresAt = Then.AddDays(9),
                            }
                        ),
                    },
                ],
            },
            _existing
        );

        Assert.Equal(["a: team a-team, email dan@example.com", "b: team a-team, email dan@example.com"], Show(draft));
        Assert.Equal(Then.AddDays(9), Assert.Single(draft.Projects[1].Entries, e => !e.IsTeam).ExpiresAt);
    }

    [Fact]
    public void Access_that_recurs_becomes_a_role_and_other_access_is_spelled_out()
    {
        var one = Project("a", "ana", "bob");
        var draft = Fold(one with { Live = one.Live with { Members = one.Live.Members.Add(Member("cy", View, Run)) } });
        Assert.Equal("can-view-data", Assert.Single(draft.Roles).Name);
        Assert.Equal(["can-view-data", "can-view-data", null], draft.Projects[0].Entries.Select(e => e.Role));
    }

    [Fact]
    public void A_role_that_means_just_that_is_used_and_a_name_that_is_taken_is_not_given_again()
    {
        Given(
            """
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessRole
            metadata: {name: runner}
            spec: {access: {clarifeye: {permissions: [CAN_RUN_TASKS]}}}
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessRole
            metadata: {name: can-view-data}
            spec: {access: {clarifeye: {permissions: [CAN_VIEW_DATA], profile: tech}}}
            """
        );
        var one = Project("a", "ana", "bob");
        var draft = Fold(one with { Live = one.Live with { Members = one.Live.Members.Add(Member("cy", Run)) } });
        Assert.Equal("can-view-data-2", Assert.Single(draft.Roles).Name);
        Assert.Equal(["can-view-data-2", "can-view-data-2", "runner"], draft.Projects[0].Entries.Select(e => e.Role));
    }

    [Fact]
    public void A_person_with_aliases_is_named_once_whatever_account_is_live()
    {
        Given(
            """
            apiVersion: reconciler.dev/v1alpha1
            kind: Person
            metadata: {name: dave}
            spec: {email: dave@example.com, aliases: [dave.old@example.com], userIds: {acme: 9c90c3cc-0d44-4b50-8888-8dd25736052a}}
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: Person
            metadata: {name: gone}
            spec: {email: gone@example.com, departed: true}
            """
        );
        var byId = new LiveProject(
            [Member("someone", View) with { PersonId = "9c90c3cc-0d44-4b50-8888-8dd25736052a" }],
            []
        );
        var draft = Fold(Project("a", "dave.old", "dave"), new(new("b", "b"), byId), Project("c", "gone", "Dave"));
        Assert.Equal(["a: person dave", "b: person dave", "c: person dave"], Show(draft));
        Assert.Equal(new("gone@example.com", "the Person gone has departed"), Assert.Single(draft.Projects[2].LeftOut));
    }

    [Fact]
    public void Machines_ignored_people_and_people_who_declined_are_left_out()
    {
        _ignore = "['*@vendor.example']";
        var live = new LiveProject(
            [
                Member("ana", View),
                Member("bot", View) with
                {
                    IsService = true,
                },
                Member("x", View) with
                {
                    Email = "x@vendor.example",
                },
            ],
            [Invited("no", View) with { State = InvitationState.Declined }]
        );
        var draft = Fold(new ReadProject(new("1", "a"), live));
        Assert.Equal(["a: email ana@example.com"], Show(draft));
        Assert.Equal(2, draft.Projects[0].LeftAlone);
    }

    [Fact]
    public void People_whom_no_entry_can_declare_are_told_with_the_reason()
    {
        var live = new LiveProject(
            [
                Member("new", "CAN_DO_NEW_THINGS"),
                Member("none"),
                Member("id", View) with
                {
                    Email = "",
                    PersonId = "8c90c3cc-0d44-4b50-8888-8dd25736052a",
                },
                Member("odd", View) with
                {
                    Email = "a\"b@example.com",
                    PersonId = null,
                },
            ],
            []
        );
        var project = Fold(new ReadProject(new("1", "a"), live)).Projects[0];
        Assert.Equal(
            ["userId 8c90c3cc-0d44-4b50-8888-8dd25736052a"],
            project.Entries.Select(e => $"{e.Field} {e.Value}")
        );
        Assert.Equal(
            [
                "member m-odd the vendor lists a member under \"a\"b@example.com\", "
                    + "which holds \": nobody is matched, invited or removed by it; correct it at the vendor",
                "new@example.com has the access CAN_DO_NEW_THINGS, which manifests do not know",
                "none@example.com has no access that an entry could state",
            ],
            project.LeftOut.Select(l => $"{l.Person} {l.Reason}")
        );
    }

    [Fact]
    public void The_order_of_projects_and_members_changes_nothing()
    {
        ReadProject[] projects =
        [
            Project("a", "ana", "bob", "cy"),
            Project("b", "cy", "ana", "bob"),
            Project("c", "dan", "ana"),
            Project("a", "eve"),
        ];
        var shuffled = projects
            .Reverse()
            .Select(p => p with { Live = p.Live with { Members = [.. p.Live.Members.Reverse()] } })
            .ToArray();
        Assert.Equal(Show(Fold(projects)), Show(Fold(shuffled)));
    }

    private static ReadProject Project(string name, params string[] members) =>
        new(
            new($"id-{name}-{string.Join('-', members.Order(StringComparer.Ordinal))}", name),
            new([.. members.Select(m => Member(m, View))], [])
        );

    private static LiveMember Member(string name, params string[] permissions) =>
        new($"m-{name}", $"u-{name}", $"{name}@example.com", Permissions(permissions));

    private static LiveInvitation Invited(string name, params string[] permissions) =>
        new($"i-{name}", $"{name}@example.com", Permissions(permissions), InvitationState.Pending, Then);

    private static Access Permissions(string[] permissions) =>
        Access.Of(permissions.Select(p => ProgramVendors.Of("clarifeye").Access.Grant("permissions", p)));

    private static ImmutableArray<string> Show(ImportDraft draft) =>
        [
            .. draft.Projects.Select(p =>
                $"{p.Name}: {string.Join(", ", p.Entries.Select(e => $"{e.Field} {e.Value}"))}"
            ),
        ];

    private void Given(string manifests)
    {
        var problems = new Problems();
        ManifestReader.ReadText("existing.yaml", manifests, _existing, problems);
        Assert.Empty(problems.Sorted);
    }

    private ImportDraft Fold(params ReadProject[] projects) => ImportDrafter.Fold(People(projects), _existing);

    private ImportDraft People(params ReadProject[] projects)
    {
        if (_existing.All<AccessProvider>().Count == 0)
            Given(
                $$"""
                apiVersion: reconciler.dev/v1alpha1
                kind: AccessProvider
                metadata: {name: acme}
                spec: {type: clarifeye, baseUrl: https://eu.app.clarifeye.ai/api/v1, ignore: {{_ignore}},
                """
                    + """
                     actingAs: bot@example.com, credentials: {token: {env: RECONCILER_T} } }
                    """
            );
        var state = Resolver.Resolve(_existing, new(ProgramVendors.All, Then), new Problems());
        return ImportDrafter.People(state.Connections.Single(), _existing, projects, Then);
    }
}
