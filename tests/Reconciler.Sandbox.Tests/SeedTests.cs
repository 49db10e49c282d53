using System.Diagnostics;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing;

namespace Reconciler.Sandbox.Tests;

public sealed class SeedTests
{
    private const string Project = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
    private const string Other = "4c90c3cc-0d44-4b50-8888-8dd25736052a";

    [Fact]
    public async Task A_seed_is_read_from_yaml()
    {
        var seed = SandboxSeed.Parse(
            $$$"""
            connections: [{name: eu, type: clarifeye, actingAs: us@example.com, quirks: {patchMerges: true}}]
            token: secret
            knownUsers: [ken@example.com]
            quirks: {profiles: true}
            projects:
            - id: {{{Project}}}
              provider: eu
              name: Fraud detection
              members:
              - {email: ana@example.com, access: {permissions: [CAN_VIEW_DATA, CAN_RUN_TASKS], profile: tech}}
              invitations:
              - {email: bob@example.com, access: {permissions: CAN_VIEW_DATA}, status: cancelled, createdAt: 2026-01-31T10:00:00+01:00}
              - {email: cy@example.com, access: {permissions: []}}
            """
        );
        await using var server = await SandboxServer.StartAsync(
            new() { Seed = seed },
            TestContext.Current.CancellationToken
        );
        var connection = server.Connection("eu");
        var member = Assert.Single(connection.Members(Project));
        Assert.Equal(
            ("ana@example.com", "permissions: CAN_VIEW_DATA, CAN_RUN_TASKS; profile: tech"),
            (member.Email, $"{member.Access}")
        );
        Assert.Equal(["cancelled", "pending"], connection.Invitations(Project).Select(invitation => invitation.Status));
        Assert.Equal(
            new DateTimeOffset(2026, 1, 31, 9, 0, 0, TimeSpan.Zero),
            connection.Invitations(Project)[0].CreatedAt
        );
        Assert.Equal(
            ("secret", "us@example.com", true),
            (seed.Token, seed.Connections[0].ActingAs, seed.Connections[0].Quirks["patchMerges"])
        );
    }

    [Theory]
    [InlineData("clarifeye", "clarifeye", "/api/v1")]
    [InlineData("clarifeye-eu", "clarifeye", "/api/v1")]
    [InlineData("confident-ai-eu", "confident-ai", "")]
    [InlineData("equinix-metal", "equinix-metal", "/metal/v1")]
    [InlineData("gorules-acme", "gorules", "")]
    public async Task Without_connections_the_providers_name_tells_the_vendor(
        string provider,
        string type,
        string basePath
    )
    {
        var seed = new SandboxSeed { Projects = [new(Project, provider)] };
        await using var server = await SandboxServer.StartAsync(
            new() { Seed = seed },
            TestContext.Current.CancellationToken
        );
        Assert.Equal(type, server.Connection(provider).Type);
        Assert.Equal($"{server.Url}/{provider}{basePath}", server.BaseUrl(provider));
    }

    [Fact]
    public async Task Each_vendor_takes_access_in_its_own_words_and_fields_of_its_own()
    {
        var seed = SandboxSeed.Parse(
            $$$"""
            connections:
            - {name: confident-ai, otherOrganization: [erin@example.com]}
            - {name: equinix-metal, rateLimit: {requests: 5, seconds: 60}}
            - {name: gorules, serviceUsers: [ci@example.com], quirks: {pendingAddable: false}}
            projects:
            - id: cm4abc123
              provider: confident-ai
              roles: [Analyst]
              members: [{email: ana@example.com, access: {role: Analyst}}]
            - id: {{{Project}}}
              provider: equinix-metal
              organization: {{{Other}}}
              members: [{email: ana@example.com, access: {roles: [owner, billing]}}]
              invitations: [{email: bob@example.com, access: {roles: [admin]}, alsoProjects: [{{{Other}}}]}]
            - {id: {{{Other}}}, provider: equinix-metal, organization: {{{Other}}}}
            - id: {{{Project}}}
              provider: gorules
              groups: [{name: Editors, id: {{{Other}}}, permissions: [document:edit], description: They edit, roleId: {{{Other}}}}]
              members: [{email: ana@example.com, access: {groups: [Editors], owner: true}}]
              invitations: [{email: bob@example.com, access: {groups: [Editors]}}]
            """
        );
        await using var server = await SandboxServer.StartAsync(
            new() { Seed = seed },
            TestContext.Current.CancellationToken
        );
        Assert.Equal(
            "role: Analyst",
            $"{Assert.Single(server.Connection("confident-ai").Members("cm4abc123")).Access}"
        );
        Assert.Equal(
            "roles: owner, billing",
            $"{Assert.Single(server.Connection("equinix-metal").Members(Project)).Access}"
        );
        Assert.Equal("bob@example.com", Assert.Single(server.Connection("equinix-metal").Invitations(Other)).Email);
        Assert.Equal(
            "groups: Editors; owner: true",
            $"{Assert.Single(server.Connection("gorules").Members(Project)).Access}"
        );
        Assert.Equal("pending", Assert.Single(server.Connection("gorules").Invitations(Project)).Status);
    }

    [Theory]
    [InlineData(
        "confident-ai",
        "members: [{email: a@b.c, access: {role: Boss}}]",
        "unknown role 'Boss'; known: Owner, Manager, Member"
    )]
    [InlineData("confident-ai", "members: [{email: a@b.c, access: {role: [Member, Manager]}}]", "one role, not 2")]
    [InlineData(
        "confident-ai",
        "members: [{email: a@b.c, access: {role: Owner}}, {email: b@b.c, access: {role: Owner}}]",
        "a@b.c is the Owner already"
    )]
    [InlineData("confident-ai", "invitations: [{email: a@b.c, access: {role: Owner}}]", "the Owner is never invited")]
    [InlineData("confident-ai", "roles: [Owner]", "the role 'Owner' is the system's")]
    [InlineData("confident-ai", "organization: x", "confident-ai has no use for 'organization'")]
    [InlineData(
        "equinix-metal",
        "members: [{email: a@b.c, access: {roles: [boss]}}]",
        "unknown role 'boss'; known: owner, admin"
    )]
    [InlineData("equinix-metal", "members: [{email: a@b.c, access: {roles: []}}]", "at least one role")]
    [InlineData(
        "equinix-metal",
        "invitations: [{email: a@b.c, access: {roles: [admin]}, alsoProjects: [x]}]",
        "there is no project x in the same organization"
    )]
    [InlineData("equinix-metal", "organization: acme", "organization: the id must be a uuid")]
    [InlineData(
        "gorules",
        "groups: [{name: Editors}], members: [{email: a@b.c, access: {groups: [Admins]}}]",
        "unknown group 'Admins'; known: Editors"
    )]
    [InlineData(
        "gorules",
        "members: [{email: a@b.c, access: {owner: maybe}}]",
        "'owner' is 'maybe'; known: true, false"
    )]
    [InlineData(
        "gorules",
        "members: [{email: a@b.c, access: {}}], invitations: [{email: a@b.c, access: {}}]",
        "belongs to the organisation already"
    )]
    [InlineData(
        "gorules",
        "invitations: [{email: a@b.c, access: {}, status: declined}]",
        "unknown status 'declined'; known: pending, accepted"
    )]
    public async Task Words_that_a_vendor_does_not_know_are_refused(string vendor, string fields, string message)
    {
        var project = SandboxSeed.Parse($"projects: [{{id: {Project}, provider: {vendor}, {fields}}}]");
        var problem = await Assert.ThrowsAsync<SandboxException>(() =>
            SandboxServer.StartAsync(new() { Seed = project }, TestContext.Current.CancellationToken)
        );
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("projects: 5", "line 1: 'projects' must be a list")]
    [InlineData("project: []", "line 1: the seed has no field 'project'")]
    [InlineData("projects:\n- {id: x, name: y}", "line 2: a project needs 'provider'")]
    [InlineData("projects:\n- {id: x, provider: y, members: [{email: a@b.c}]}", "line 2: a member needs 'access'")]
    [InlineData(
        "projects:\n- {id: x, provider: y, invitations: [{email: a@b.c, access: {}, createdAt: soon}]}",
        "line 2: 'createdAt' must be an instant like 2026-01-31T09:00:00Z"
    )]
    [InlineData("quirks: {a: 1}", "line 1: 'a' must be true or false")]
    [InlineData("token: a\ntoken: b", "line 2: 'token' is there twice")]
    [InlineData("token: [a]\nquirks: []", "line 1: 'token' must be text\nline 2: 'quirks' must be a mapping")]
    [InlineData(
        "connections: [{name: a, rateLimit: {requests: few, seconds: 60}}]",
        "line 1: 'requests' must be a whole number from 1 on"
    )]
    [InlineData("a: &x 1\nb: *x", "line 2: anchors and aliases are not for seeds")]
    [InlineData("{}\n---\n{}", "line 2: a seed is one document")]
    public void A_wrong_seed_is_refused_with_its_lines(string yaml, string message)
    {
        var problem = Assert.Throws<SandboxException>(() => SandboxSeed.Parse(yaml));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_is_no_yaml_is_refused_with_its_line() =>
        Assert.StartsWith(
            "line 2:",
            Assert.Throws<SandboxException>(() => SandboxSeed.Parse("token: a\nprojects: ]")).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(
        "connections: [{name: eu, type: ftp}]",
        "connection 'eu': the sandbox imitates no such vendor; it knows clarifeye, confident-ai, equinix-metal, gorules"
    )]
    [InlineData("connections: [{name: A/b, type: clarifeye}]", "'A/b' is no connection name")]
    [InlineData("connections: [{name: clarifeye}, {name: clarifeye}]", "connection 'clarifeye' is there twice")]
    [InlineData(
        "connections: [{name: clarifeye, quirks: {fast: true}}]",
        "connection 'clarifeye': unknown quirk 'fast'; known: patchMerges"
    )]
    [InlineData(
        "connections: [{name: clarifeye, otherOrganization: [a@b.c]}]",
        "connection 'clarifeye': clarifeye has no use for 'otherOrganization'"
    )]
    [InlineData(
        "{connections: [{name: clarifeye}], projects: [{id: x, provider: eu}]}",
        "project x names the provider 'eu', which is none of the connections: clarifeye"
    )]
    [InlineData("projects: [{id: x, provider: clarifeye}]", "clarifeye, project x: the id must be a uuid")]
    [InlineData(
        $"projects: [{{id: {Project}, provider: clarifeye}}, {{id: {Project}, provider: clarifeye}}]",
        "is there twice"
    )]
    [InlineData(
        $"projects: [{{id: {Project}, provider: clarifeye, members: [{{email: a@b.c, access: {{permissions: [FLY]}}}}]}}]",
        "member a@b.c: unknown permission 'FLY'; known: CAN_"
    )]
    [InlineData(
        $"projects: [{{id: {Project}, provider: clarifeye, members: [{{email: a@b.c, access: {{role: x}}}}]}}]",
        "unknown access 'role'; known: permissions, profile"
    )]
    [InlineData(
        $"projects: [{{id: {Project}, provider: clarifeye, invitations: [{{email: a@b.c, access: {{}}, status: lost}}]}}]",
        "unknown status 'lost'; known: pending"
    )]
    public async Task A_seed_that_does_not_fit_together_is_refused(string yaml, string message)
    {
        var seed = SandboxSeed.Parse(yaml);
        var problem = await Assert.ThrowsAsync<SandboxException>(() =>
            SandboxServer.StartAsync(new() { Seed = seed }, TestContext.Current.CancellationToken)
        );
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_organisation_loads_in_a_blink()
    {
        var text = await File.ReadAllTextAsync(
            SharedFiles.Path("data", "large-org", "live-drifted.json"),
            TestContext.Current.CancellationToken
        );
        var watch = Stopwatch.StartNew();
        var seed = SandboxSeed.Parse(text);
        await using var server = await SandboxServer.StartAsync(
            new() { Seed = seed },
            TestContext.Current.CancellationToken
        );
        watch.Stop();
        Assert.Equal(["clarifeye-eu", "confident-ai-eu"], server.Connections.Select(connection => connection.Name));
        Assert.Equal(774, seed.Projects.Length);
        Assert.Equal(
            seed.Projects.Sum(project => project.Members.Length),
            seed.Projects.Sum(project => server.Connection(project.Provider).Members(project.Id).Count)
        );
        Assert.Equal(
            126,
            seed.Projects.Sum(project => server.Connection(project.Provider).Invitations(project.Id).Count)
        );
        TestContext.Current.TestOutputHelper?.WriteLine($"{watch.ElapsedMilliseconds} ms");
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1));
    }
}
