namespace Reconciler.Sandbox.Tests.Described;

/// <summary>Seeds of described vendors: what is wrong is told all at once, with lines.</summary>
public sealed class DescribedSeedTests
{
    [Fact]
    public async Task Everything_that_does_not_fit_the_definition_is_told_at_once()
    {
        var refused = await Assert.ThrowsAsync<SandboxException>(() =>
            DescribedSandbox.StartAsync(
                """
                connections:
                - name: redmine
                  people:
                  - {email: ana@example.com, id: 7}
                  - {email: bob@example.com, id: 7}
                  names:
                    rolls: {Manager: 3}
                - name: grafana-eu
                projects:
                - id: website
                  provider: redmine
                  members:
                  - {email: ana, access: {roles: [Manager]}}
                  - {email: cy@example.com, access: {role: Manager}, machine: true}
                  invitations:
                  - {email: dan@example.com, access: {roles: [Manager]}}
                - id: 3
                  provider: grafana-eu
                  members:
                  - {email: cy@example.com, access: {role: Owner}, inherited: {role: Viewer}}
                  - {email: CY@example.com, id: 5, access: {role: [Viewer, Editor]}}
                """
            )
        );

        Assert.Equal(
            [
                "line 7: names: the definition has no list 'rolls'",
                "line 5: people: two people have the id 7",
                "line 13: project website, member ana: email: 'ana' is no address",
                "line 14: project website, member cy@example.com: machine: the definition knows no machine accounts",
                "line 14: project website, member cy@example.com: access.role: the definition has no such field; "
                    + "known: roles",
                "line 16: project website: invitations: the definition has no invitations",
                "line 20: project 3, member cy@example.com: inherited.role: the definition has nothing inherited there",
                "line 20: project 3, member cy@example.com: access.role: unknown 'Owner'; "
                    + "known: None, Viewer, Editor, Admin",
                "line 21: project 3, member CY@example.com is there twice",
                "line 21: project 3, member CY@example.com: id: the definition has the person's own id in its place",
                "line 21: project 3, member CY@example.com: access.role must be one value",
            ],
            refused.Message.Split('\n')
        );
    }

    [Fact]
    public async Task Fields_of_described_vendors_mean_nothing_elsewhere()
    {
        var refused = await Assert.ThrowsAsync<SandboxException>(() =>
            DescribedSandbox.StartAsync(
                """
                connections:
                - {name: clarifeye, people: [{email: ana@example.com}], quirks: {seesPart: true}}
                - {name: jira}
                projects:
                - id: 3c90c3cc-0d44-4b50-8888-8dd25736052a
                  provider: clarifeye
                  members: [{email: ana@example.com, id: 4, access: {permissions: [CAN_VIEW_DATA]}, owner: true}]
                """
            )
        );

        Assert.Equal(
            [
                "line 2: connection 'clarifeye': unknown quirk 'seesPart'",
                "line 2: connection 'clarifeye': clarifeye has no use for 'people'",
                "line 2: connection 'clarifeye': clarifeye has no use for 'id'",
                "line 2: connection 'clarifeye': clarifeye has no use for 'owner'",
                "line 3: connection 'jira': the sandbox imitates no such vendor; it knows clarifeye, confident-ai, "
                    + "datadog, equinix-metal, forum, github-organization, github-repository, gitlab-group, "
                    + "gitlab-project, gorules, grafana, redmine, sentry",
            ],
            refused.Message.Split('\n').Select(l => l.Split("; known: ")[0])
        );
    }

    [Fact]
    public async Task A_token_that_belongs_to_one_project_has_one_project()
    {
        var refused = await Assert.ThrowsAsync<SandboxException>(() =>
            DescribedSandbox.StartAsync(
                """
                projects:
                - {id: 3c90c3cc-0d44-4b50-8888-8dd25736052a, provider: datadog}
                - {id: 4c90c3cc-0d44-4b50-8888-8dd25736052a, provider: datadog}
                """
            )
        );

        Assert.Equal("line 3: the definition's token belongs to one project, so a connection has one", refused.Message);
    }

    [Fact]
    public async Task A_day_on_which_access_ends_is_a_day()
    {
        var refused = await Assert.ThrowsAsync<SandboxException>(() =>
            DescribedSandbox.StartAsync(
                """
                projects:
                - id: acme/web
                  provider: gitlab-project
                  members:
                  - {login: ana, access: {level: guest, ends: tomorrow}}
                  - {login: cy, access: {level: guest, ends: 2026-12-31}}
                """
            )
        );

        Assert.Equal(
            "line 5: project acme/web, member ana: access.ends must be a day such as 2026-12-31",
            refused.Message
        );
    }

    [Fact]
    public async Task Ids_that_the_seed_gives_are_given_to_nobody_else()
    {
        await using var redmine = await DescribedSandbox.StartAsync(
            """
            connections: [{name: redmine, people: [{email: ana@example.com, id: 2}], names: {roles: {Manager: 1}}}]
            projects:
            - id: website
              provider: redmine
              members:
              - {email: bob@example.com, access: {roles: [Manager]}}
              - {email: ana@example.com, id: 3, access: {roles: [Reporter]}}
            """
        );
        redmine.With("X-Redmine-API-Key", "anything");

        var ids = redmine.Connection.Members("website").SelectMany(m => new[] { m.Id, m.PersonId }).ToList();
        var (_, roles) = await redmine.GetAsync("roles.json");

        Assert.Equal(4, ids.Distinct().Count());
        Assert.Equal(2, roles["roles"]!.AsArray().Select(r => $"{r!["id"]}").Except(ids).Count());
    }

    [Fact]
    public async Task A_definition_that_no_answer_could_fit_is_refused_before_the_server_starts()
    {
        var refused = await Assert.ThrowsAsync<SandboxException>(() =>
            DescribedSandbox.StartAsync(
                "projects: [{id: b-1, provider: odd}]",
                """
                apiVersion: reconciler.dev/v1alpha1
                kind: VendorDefinition
                metadata: {name: odd}
                spec:
                  title: Odd
                  token: {header: X-Key}
                  access: [{name: role, form: word, description: The role.}]
                  members:
                    path: /boards/{project}/members
                    items: /members
                    id: /user
                    email: /user/email
                    access: {role: {at: /role}}
                  calls: {}
                  manual: {invite: by hand, update: by hand, remove: by hand}
                """
            )
        );

        Assert.Equal(
            "the definition of odd: members: "
                + "no answer has a place for '/user', since another value is there, around it or inside of it",
            refused.Message
        );
    }

    [Fact]
    public async Task A_control_changes_a_described_vendor_by_hand()
    {
        await using var boards = await DescribedSandbox.StartAsync(
            """
            projects:
            - {id: acme, provider: sentry, invitations: [{email: ana@example.com, access: {orgRole: member}}]}
            """
        );
        var connection = boards.Connection;

        connection.AddMember("acme", "bob@example.com", SandboxAccess.None.With("orgRole", "owner"));
        connection.Accept("acme", "ana@example.com");
        connection.RemoveMember("acme", "bob@example.com");

        Assert.Equal(["ana@example.com"], boards.EmailsIn("acme"));
        Assert.Equal([("ana@example.com", "accepted")], boards.InvitationsIn("acme"));
        Assert.Throws<SandboxException>(() => connection.Decline("acme", "ana@example.com"));
        Assert.Throws<SandboxException>(() =>
            connection.AddMember("acme", "cy@example.com", SandboxAccess.None.With("orgRole", "king"))
        );
    }
}
