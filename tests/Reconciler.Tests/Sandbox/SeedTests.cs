using System.Diagnostics;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Tests.Sandbox;

public sealed class SeedTests
{
    private const string Project = "3c90c3cc-0d44-4b50-8888-8dd25736052a";

    [Fact]
    public async Task A_seed_is_read_from_yaml()
    {
        var seed = SandboxSeed.Parse($$$"""
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
            """);
        await using var server = await SandboxServer.StartAsync(new() { Seed = seed }, TestContext.Current.CancellationToken);
        var connection = server.Connection("eu");
        var member = Assert.Single(connection.Members(Project));
        Assert.Equal(("ana@example.com", "permissions: CAN_VIEW_DATA, CAN_RUN_TASKS; profile: tech"), (member.Email, $"{member.Access}"));
        Assert.Equal(["cancelled", "pending"], connection.Invitations(Project).Select(invitation => invitation.Status));
        Assert.Equal(new DateTimeOffset(2026, 1, 31, 9, 0, 0, TimeSpan.Zero), connection.Invitations(Project)[0].CreatedAt);
        Assert.Equal(("secret", "us@example.com", true), (seed.Token, seed.Connections[0].ActingAs, seed.Connections[0].Quirks["patchMerges"]));
    }

    [Theory]
    [InlineData("clarifeye")]
    [InlineData("clarifeye-eu")]
    public async Task Without_connections_the_providers_name_tells_the_vendor(string provider)
    {
        var seed = new SandboxSeed { Projects = [new(Project, provider)] };
        await using var server = await SandboxServer.StartAsync(new() { Seed = seed }, TestContext.Current.CancellationToken);
        Assert.Equal("clarifeye", server.Connection(provider).Type);
    }

    [Theory]
    [InlineData("projects: 5", "line 1: 'projects' must be a list")]
    [InlineData("project: []", "line 1: the seed has no field 'project'")]
    [InlineData("projects:\n- {id: x, name: y}", "line 2: a project needs 'provider'")]
    [InlineData("projects:\n- {id: x, provider: y, members: [{email: a@b.c}]}", "line 2: a member needs 'access'")]
    [InlineData("projects:\n- {id: x, provider: y, invitations: [{email: a@b.c, access: {}, createdAt: soon}]}", "line 2: 'createdAt' must be an instant like 2026-01-31T09:00:00Z")]
    [InlineData("quirks: {a: 1}", "line 1: 'a' must be true or false")]
    [InlineData("token: a\ntoken: b", "line 2: 'token' is there twice")]
    [InlineData("token: [a]\nquirks: []", "line 1: 'token' must be text\nline 2: 'quirks' must be a mapping")]
    [InlineData("a: &x 1\nb: *x", "line 2: anchors and aliases are not for seeds")]
    [InlineData("{}\n---\n{}", "line 2: a seed is one document")]
    public void A_wrong_seed_is_refused_with_its_lines(string yaml, string message)
    {
        var problem = Assert.Throws<SandboxException>(() => SandboxSeed.Parse(yaml));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_is_no_yaml_is_refused_with_its_line() =>
        Assert.StartsWith("line 2:", Assert.Throws<SandboxException>(() => SandboxSeed.Parse("token: a\nprojects: ]")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("connections: [{name: eu, type: ftp}]", "connection 'eu': the sandbox imitates no such vendor; it knows clarifeye")]
    [InlineData("connections: [{name: A/b, type: clarifeye}]", "'A/b' is no connection name")]
    [InlineData("connections: [{name: clarifeye}, {name: clarifeye}]", "connection 'clarifeye' is there twice")]
    [InlineData("connections: [{name: clarifeye, quirks: {fast: true}}]", "connection 'clarifeye': unknown quirk 'fast'; known: patchMerges")]
    [InlineData("{connections: [{name: clarifeye}], projects: [{id: x, provider: eu}]}", "project x names the provider 'eu', which is none of the connections: clarifeye")]
    [InlineData("projects: [{id: x, provider: clarifeye}]", "clarifeye, project x: the id must be a uuid")]
    [InlineData($"projects: [{{id: {Project}, provider: clarifeye}}, {{id: {Project}, provider: clarifeye}}]", "is there twice")]
    [InlineData($"projects: [{{id: {Project}, provider: clarifeye, members: [{{email: a@b.c, access: {{permissions: [FLY]}}}}]}}]", "member a@b.c: unknown permission 'FLY'; known: CAN_")]
    [InlineData($"projects: [{{id: {Project}, provider: clarifeye, members: [{{email: a@b.c, access: {{role: x}}}}]}}]", "unknown access 'role'; known: permissions, profile")]
    [InlineData($"projects: [{{id: {Project}, provider: clarifeye, invitations: [{{email: a@b.c, access: {{}}, status: lost}}]}}]", "unknown status 'lost'; known: pending")]
    public async Task A_seed_that_does_not_fit_together_is_refused(string yaml, string message)
    {
        var seed = SandboxSeed.Parse(yaml);
        var problem = await Assert.ThrowsAsync<SandboxException>(() => SandboxServer.StartAsync(new() { Seed = seed }, TestContext.Current.CancellationToken));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_organisation_loads_in_a_blink()
    {
        var text = await File.ReadAllTextAsync(SharedFiles.Path("data", "large-org", "live-drifted.json"), TestContext.Current.CancellationToken);
        var watch = Stopwatch.StartNew();
        var all = SandboxSeed.Parse(text);
        var seed = all with { Projects = [.. all.Projects.Where(project => project.Provider == "clarifeye-eu")] };
        await using var server = await SandboxServer.StartAsync(new() { Seed = seed }, TestContext.Current.CancellationToken);
        watch.Stop();
        Assert.Equal(774, all.Projects.Length);
        Assert.Equal(seed.Projects.Sum(project => project.Members.Length), seed.Projects.Sum(project => server.Connection("clarifeye-eu").Members(project.Id).Count));
        TestContext.Current.TestOutputHelper?.WriteLine($"{watch.ElapsedMilliseconds} ms");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5));
    }
}
