namespace Reconciler.Tests.Described;

/// <summary>
/// GitHub and GitLab, whose people are known by logins, with the definitions of the catalogue on imitations of them.
/// </summary>
public abstract class LoginTests : ImitationTests
{
    protected const string Repository =
        "[{login: bot, access: {role: admin}}, {login: ana, access: {role: read}}, {login: old, access: {role: read}}, "
        + "{login: boss, access: {}, inherited: {role: admin}}]";

    protected string Vendor { get; private set; } = "";
    protected string ProjectId { get; private set; } = "";

    /// <inheritdoc/>
    protected override string Connection => "";

    /// <inheritdoc/>
    protected override string[] Limits => [];

    protected Task StartAsync(
        string vendor,
        string project,
        string members,
        string more = "",
        string invitations = "[]",
        string projects = ""
    )
    {
        (Vendor, ProjectId) = (vendor, project);
        return StartAsync(
            $$"""
            token: {{Token}}
            connections:
            - name: {{vendor}}
              {{more}}
            projects:
            - {id: "{{project}}", provider: {{vendor}}, members: {{members}}, invitations: {{invitations}}}
            {{projects}}
            """
        );
    }

    protected void Declare(string prune, params string[] members) => Declare(prune, "", members);

    protected void Declare(string prune, string settings, string[] members) =>
        base.Declare(Vendor, ProjectId, string.Join('\n', members.Select(m => $"  - {m}")), settings, prune);

    protected IEnumerable<string> Members() => Members(Vendor, ProjectId);
}
