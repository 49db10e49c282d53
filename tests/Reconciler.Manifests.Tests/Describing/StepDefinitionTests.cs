using Reconciler.Core.Membership;

namespace Reconciler.Manifests.Tests.Describing;

/// <summary>
/// Definitions whose token is two keys of one organization, and whose actions are several requests.
/// </summary>
public sealed class StepDefinitionTests : IDisposable
{
    private const string Invitations = """
          invitations:
            path: /users
            items: /data
            paging: *pages
            pending: [{at: /attributes/status, is: [Pending]}]
            over: [{at: /attributes/status, is: [Active, Disabled]}]
            id: /id
            email: /attributes/email
            createdAt: /attributes/created_at

        """;

    private static readonly string Reading = VendorDefinitionTests.Definition.Replace(
        "body: {roles: \"{access.roles}\"}",
        "reads: {path: \"/teams/{project}/people/{member.id}\", values: {teams: /teams}}\n"
            + "      body: {roles: \"{access.roles}\", teams: \"{read.teams}\"}",
        StringComparison.Ordinal
    );

    private readonly DefinitionFolder _folder = new();

    [Theory]
    [InlineData(
        "second: DD-APPLICATION-KEY",
        "second: Cookie",
        "spec.token.second: is Cookie, which cannot carry a key"
    )]
    [InlineData("second: DD-APPLICATION-KEY", "second: dd-api-key", "is the header of the first key")]
    [InlineData("second: DD-APPLICATION-KEY", "second: \"two words\"", "expected a header's name")]
    [InlineData("  uuidIds: true", "  headers: {DD-APPLICATION-KEY: k}", "may hold a token; expected it in spec.token")]
    [InlineData("    project: /relationships/org/data/id\n", "", "spec.members.path: has no {project}")]
    [InlineData(
        "    project: /rel",
        "    project: rel",
        "spec.members.project: is \"relationships/org/data/id\"; expected a JSON"
    )]
    [InlineData("    take:\n", "    removeDirect:\n", "spec.calls.take: is missing; expected both give and take")]
    [InlineData("      form: words\n", "      form: word\n", "gives one word of a list; expected one field")]
    [InlineData("id: \"{entry.id}\"", "id: x", "names nobody, so that it could change everybody")]
    [InlineData(
        "      path: /roles/{access.roles.each}/users",
        "      path: /roles/all/users",
        "names no word; expected {access.roles.each}"
    )]
    [InlineData("    resend:\n", "    update:\n", "spec.calls.update: means nothing beside give and take")]
    [InlineData("    resend:\n", "    replace:\n", "spec.calls.replace: means nothing beside give and take")]
    [InlineData(
        "      effect: idempotent\n      body: &user",
        "      effect: idempotent\n      proof: {status: true}\n      body: &user",
        "spec.calls.give.proof: means nothing"
    )]
    [InlineData(
        "      effect: idempotent\n      body: &user",
        "      effect: idempotent\n      reads: {path: \"/users/{entry.id}\", values: {a: /a}}\n      body: &user",
        "spec.calls.give.reads: means nothing"
    )]
    [InlineData("id: \"{made.id}\"", "id: x", "spec.calls.invite.then: names nobody; expected {made.id}")]
    [InlineData("        made: /data/id\n", "", "spec.calls.invite.then.made: is missing")]
    [InlineData(
        "      then:\n",
        "      proof: {status: true}\n      then:\n",
        "spec.calls.invite.proof: means nothing beside then"
    )]
    [InlineData(
        "id: \"{access.roles.each}\"",
        "id: \"{access.role.each}\"",
        "{access.role.each}, which has no value here"
    )]
    [InlineData("id: \"{access.roles.each}\"", "id: x", "does not send roles")]
    [InlineData(
        Invitations,
        "",
        "spec.calls.invite.then: needs the list of invitations, where a lost answer is looked up by the address"
    )]
    public void A_wrong_definition_is_refused(string right, string wrong, string message) =>
        _folder.Refuses(DefinitionFolder.Catalogued("datadog"), right, wrong, message);

    [Theory]
    [InlineData("{read.teams}", "{access.roles}", "is read and not sent back; expected {read.teams} in the body")]
    [InlineData("{read.teams}", "{read.team}", "did you mean \"read.teams\"?")]
    [InlineData("{read.teams}", "x{read.teams}", "expected it alone, since its value is no text")]
    [InlineData(
        "values: {teams: /teams}",
        "values: {teams: teams}",
        "values.teams: is \"teams\"; expected a JSON pointer"
    )]
    [InlineData("values: {teams: /teams}", "values: {}", "names nothing; expected at least one value")]
    [InlineData("people/{member.id}\", values", "people/{membr.id}\", values", "did you mean \"member.id\"?")]
    [InlineData(
        "  remove:\n",
        "  remove:\n      reads: {path: /x, values: {a: /a}}\n",
        "means nothing here; only update"
    )]
    [InlineData("/people/{member.id}\", values", "/people\", values", "names nobody, so that everybody would be sent")]
    public void A_call_that_would_lose_what_it_reads_is_refused(string right, string wrong, string message) =>
        _folder.Refuses(Reading, right, wrong, message);

    [Fact]
    public void A_call_may_read_what_it_sends_back() => Assert.Empty(_folder.Read(Reading).Problems);

    [Fact]
    public void Roles_are_changed_one_by_one_of_members_and_of_those_who_wait()
    {
        var (datadog, problems) = _folder.Read(DefinitionFolder.Catalogued("datadog"));

        Assert.Empty(problems);
        Assert.True(datadog!.Capabilities.Can(ActionKind.Update));
        Assert.True(datadog.Capabilities.Can(ActionKind.Replace));
        Assert.False(datadog.Capabilities.Reinvites);
        Assert.False(datadog.Description!.Calls.ContainsKey(ActionKind.Replace));
    }

    public void Dispose() => _folder.Dispose();
}
