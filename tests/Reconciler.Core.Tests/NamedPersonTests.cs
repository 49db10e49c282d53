using Reconciler.Core.Offboarding;
using Reconciler.Testing.Core;
using static Reconciler.Core.Tests.LoginEntryTests;

namespace Reconciler.Core.Tests;

/// <summary>
/// Whom <c>offboard</c> and <c>explain</c> look for where a vendor knows people by logins: by an address, or by a login
/// with its place.
/// </summary>
public sealed class NamedPersonTests
{
    [Fact]
    public void Offboarding_finds_a_person_by_the_login_and_every_line_that_names_it()
    {
        var read = Resolved.From(
            Hub,
            HubProject("{login: octocat, access: {role: read}}"),
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
        var project = HubProject(
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
        var read = Resolved.From(Hub, HubProject("{login: octocat, access: {role: read}}"), Ana);

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
            HubProject("{login: mona, access: {role: read}}"),
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
        var read = Resolved.From(Hub, HubProject("{login: octocat, access: {role: read}}"));

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
}
