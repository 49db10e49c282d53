using Reconciler.Manifests.Loading;

namespace Reconciler.Manifests.Tests.Describing;

/// <summary>Definitions of vendors that know people by logins and projects by paths of names.</summary>
public sealed class LoginDefinitionTests : IDisposable
{
    private readonly DefinitionFolder _folder = new();

    [Theory]
    [InlineData("login: /login\n    access", "access", "spec.members.login: is missing")]
    [InlineData("    person: /id\n", "", "spec.members.person: is missing; expected where the account's id is")]
    [InlineData(
        "    login: /login\n    access",
        "    login: /login\n    email: /email\n    access",
        "spec.members.email: means nothing"
    )]
    [InlineData(
        "  whoAmI: {path: /user, login: /login}\n",
        "",
        "spec.whoAmI: is missing; expected the call that tells whose"
    )]
    [InlineData(
        "whoAmI: {path: /user, login: /login}",
        "whoAmI: {path: /user, email: /email}",
        "spec.whoAmI.login: is missing"
    )]
    [InlineData("    login: /invitee/login\n", "", "spec.invitations.login: is missing")]
    [InlineData("/users/{login}", "/users/octocat", "spec.logins.account: names no login")]
    [InlineData("/users/{login}", "/users/{email}", "{email}, which has no value here; expected {login}")]
    [InlineData("/repos/{project}/collaborators\n", "/repos/{project}.json\n", "has the segment \"{project}.json\"")]
    [InlineData("names: 2,", "orFewer: true,", "spec.projectIds.orFewer: means nothing for ids of one name")]
    [InlineData("path: /repos/{project}\n", "path: /user\n", "spec.seesAll.path: has no {project}")]
    [InlineData("collaborators/{login}", "collaborators/{email}", "{email}, which has no value here")]
    [InlineData(
        "sent: {read: read, write: write}",
        "sent: {reed: read}",
        "is no known word of spec.access; expected one of read"
    )]
    [InlineData(
        "above: {query: {affiliation: all}}",
        "above: {path: /collaborators}",
        "spec.members.above.path: has no {project}"
    )]
    [InlineData("  logins:\n    site: github\n", "  logins:\n    site: Git Hub\n", "expected a site's name")]
    [InlineData(
        "    access: {role: {at: /role_name}}\n",
        "    parts: [{query: {role: a}, access: {rolle: admin}}]\n",
        "is no field of spec.access; expected"
    )]
    [InlineData(
        "    access: {role: {at: /role_name}}\n",
        "    parts: []\n",
        "spec.members.parts: is empty; expected at least one part"
    )]
    [InlineData(
        "    access: {role: {at: /role_name}}\n",
        "",
        "spec.members.access: is missing; expected where the access is, or parts"
    )]
    public void A_wrong_definition_is_refused(string right, string wrong, string message) =>
        _folder.Refuses(DefinitionFolder.Catalogued("github-repository"), right, wrong, message);

    [Theory]
    [InlineData(
        "path: /orgs/{project}/failed_invitations",
        "path: /failed",
        "spec.invitations.failed.path: has no {project}"
    )]
    [InlineData("      path: /orgs/{project}/failed_invitations\n", "", "spec.invitations.failed.path: is missing")]
    [InlineData(
        "reason: /failed_reason",
        "reason: failed_reason",
        "spec.invitations.failed.reason: is \"failed_reason\""
    )]
    public void A_wrong_list_of_failed_invitations_is_refused(string right, string wrong, string message) =>
        _folder.Refuses(DefinitionFolder.Catalogued("github-organization"), right, wrong, message);

    [Fact]
    public void Logins_mean_nothing_where_people_are_known_by_addresses()
    {
        var (_, problems) = _folder.Read(
            DefinitionFolder
                .Catalogued("grafana")
                .Replace("    email: /email\n", "    email: /email\n    login: /login\n", StringComparison.Ordinal)
        );

        Assert.Contains(
            problems,
            p => p.Contains("login: means nothing where people are known by addresses", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void What_a_definition_says_of_logins_and_ids_is_known_of_its_vendor()
    {
        var (github, _) = _folder.Read(DefinitionFolder.Catalogued("github-repository"));
        var (gitlab, _) = _folder.Read(DefinitionFolder.Catalogued("gitlab-group"));

        Assert.Equal(new(false, true) { Site = "github" }, github!.Logins);
        Assert.Equal("octo/site", github.NormalProject("Octo/Site"));
        Assert.Equal(["octo", "site"], github.ProjectIds.Segments("octo/site"));
        Assert.Equal(["a/b/c"], gitlab!.ProjectIds.Segments("a/b/c"));
        Assert.Null(gitlab.ProblemOfProject("278964"));
        Assert.NotNull(gitlab.ProblemOfProject("a/../c"));
    }

    public static TheoryData<string> Types => [.. VendorCatalogue.Types];

    [Theory]
    [MemberData(nameof(Types))]
    public void A_definition_without_one_of_its_lines_is_refused_or_read_and_never_crashes(string name)
    {
        var lines = DefinitionFolder.Catalogued(name).Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var (vendor, problems) = _folder.Read(string.Join('\n', lines.Where((_, number) => number != i)));
            Assert.Equal(vendor is null, problems.Count > 0);
        }
    }

    public void Dispose() => _folder.Dispose();
}
