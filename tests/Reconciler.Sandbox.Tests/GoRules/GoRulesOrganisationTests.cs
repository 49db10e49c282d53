using System.Text.Json.Nodes;
using Reconciler.Sandbox.GoRules;
using Reconciler.Testing.Sandbox.GoRules;
using static Reconciler.Sandbox.Tests.GoRules.GoRulesSandbox;

namespace Reconciler.Sandbox.Tests.GoRules;

public sealed class GoRulesOrganisationTests
{
    [Fact]
    public async Task Inviting_to_the_organisation_tells_the_user_id_at_once()
    {
        await using var sandbox = await StartAsync();
        var (status, body) = await sandbox.InviteAsync("Gus@example.com");
        Assert.Equal((200, Shape.Of(JsonNode.Parse(GoRulesSamples.InviteAnswer))), (status, Shape.Of(body)));
        Assert.Equal(await sandbox.UserIdAsync("gus@example.com"), (string?)body[0]!["userId"]);
        Assert.Equal(
            (1, 0),
            (sandbox.Connection.MailsTo("gus@example.com"), sandbox.Connection.MailsTo(Project, "gus@example.com"))
        );
        Assert.Single((await sandbox.AddAsync((string)body[0]!["userId"]!, Viewers)).Body.AsArray());
        Assert.Contains("Gus@example.com", sandbox.EmailsIn(Project));
    }

    [Fact]
    public async Task Whether_somebody_who_has_not_accepted_can_be_added_is_a_switch()
    {
        await using var sandbox = await WithAsync(GoRulesQuirks.PendingAddable, on: false);
        Assert.DoesNotContain("carol@example.com", sandbox.EmailsIn(Project));
        var carol = await sandbox.UserIdAsync("carol@example.com");
        Assert.Equal(400, (await sandbox.AddAsync(carol, Viewers)).Status);
        sandbox.Connection.Accept(Project, "carol@example.com");
        Assert.Equal(200, (await sandbox.AddAsync(carol, Viewers)).Status);
        Assert.Equal("groups: Viewers; owner: false", sandbox.AccessOf("carol@example.com"));
    }

    [Fact]
    public async Task At_most_ten_addresses_go_into_one_call()
    {
        await using var sandbox = await StartAsync();
        var crowd = Enumerable.Range(0, 11).Select(i => $"p{i}@example.com").ToArray();
        Assert.Equal(400, (await sandbox.InviteAsync(crowd)).Status);
        Assert.Equal(400, (await sandbox.InviteAsync()).Status);
        Assert.Equal(400, (await sandbox.InviteAsync("p0@example.com", "p1")).Status);
        Assert.Equal(0, sandbox.Connection.MailsTo("p0@example.com"));
        Assert.Equal(10, (await sandbox.InviteAsync(crowd[..10])).Body.AsArray().Count);
    }

    [Fact]
    public async Task Inviting_a_known_address_sends_nothing_or_is_refused_as_the_switch_says()
    {
        await using var sandbox = await StartAsync();
        var (_, body) = await sandbox.InviteAsync("CAROL@example.com", "ken@example.com", "gus@example.com");
        Assert.Equal(
            ["carol@example.com", "gus@example.com"],
            body.AsArray().Select(invitation => (string)invitation!["email"]!)
        );
        Assert.Equal(
            (0, 0, 1),
            (
                sandbox.Connection.MailsTo("carol@example.com"),
                sandbox.Connection.MailsTo("ken@example.com"),
                sandbox.Connection.MailsTo("gus@example.com")
            )
        );
        sandbox.Connection.Set(GoRulesQuirks.KnownRefused, on: true);
        Assert.Equal(400, (await sandbox.InviteAsync("hal@example.com", "ken@example.com")).Status);
        Assert.Equal(0, sandbox.Connection.MailsTo("hal@example.com"));
    }

    [Fact]
    public async Task Resending_mails_again_until_the_person_has_accepted()
    {
        await using var sandbox = await StartAsync();
        var path = $"../../users/{await sandbox.UserIdAsync("carol@example.com")}/invitation";
        Assert.Equal(204, (await sandbox.PostAsync(path)).Status);
        Assert.Equal(1, sandbox.Connection.MailsTo("carol@example.com"));
        sandbox.Connection.Accept(Project, "carol@example.com");
        Assert.Equal(400, (await sandbox.PostAsync(path)).Status);
        Assert.Equal(404, (await sandbox.PostAsync($"../../users/{Guid.Empty}/invitation")).Status);
    }

    [Fact]
    public async Task A_token_without_the_organisations_writes_gets_403_and_reads_on()
    {
        await using var sandbox = await WithAsync(GoRulesQuirks.OrganisationWrites, on: false);
        var carol = await sandbox.UserIdAsync("carol@example.com");
        Assert.Equal(403, (await sandbox.InviteAsync("gus@example.com")).Status);
        Assert.Equal(403, (await sandbox.PostAsync($"../../users/{carol}/invitation")).Status);
        Assert.Equal(200, (await sandbox.GetAsync("../../invitations")).Status);
        Assert.Equal(
            (0, 0),
            (sandbox.Connection.MailsTo("gus@example.com"), sandbox.Connection.MailsTo("carol@example.com"))
        );
    }

    [Fact]
    public async Task Users_are_found_by_any_part_of_their_address_and_services_told_apart()
    {
        await using var sandbox = await StartAsync();
        Assert.Equal(["ci@example.com"], await sandbox.EmailsOfAsync("../../users?isService=true"));
        Assert.Equal(
            ["bot@example.com", "ken@example.com"],
            (await sandbox.EmailsOfAsync("../../users?isService=false")).Take(2)
        );
        Assert.Equal(["Bob@Example.com"], await sandbox.EmailsOfAsync("../../users?search=bOB%40"));
        Assert.Equal(400, (await sandbox.GetAsync("../../users?isService=perhaps")).Status);
        var (_, body) = await sandbox.GetAsync("../../users?perPage=2&page=3");
        Assert.Equal((2, 6), (body["results"]!.AsArray().Count, (int)body["paginate"]!["total"]!));
        Assert.Equal(
            "pending",
            (string?)(await sandbox.GetAsync("../../users?search=carol")).Body["results"]![0]!["status"]
        );
    }

    [Fact]
    public async Task Invitations_of_the_organisation_are_filtered_by_status_and_address()
    {
        await using var sandbox = await StartAsync();
        await sandbox.InviteAsync("gus@example.com");
        sandbox.Clock.Now += TimeSpan.FromHours(1);
        Assert.Equal(
            204,
            (
                await sandbox.PostAsync(
                    $"{sandbox.Server.Url}/_sandbox/{Name}/projects/{Project}/accept?email=gus@example.com"
                )
            ).Status
        );
        Assert.Equal(["carol@example.com"], await sandbox.EmailsOfAsync("../../invitations?status=pending"));
        Assert.Equal(["gus@example.com"], await sandbox.EmailsOfAsync("../../invitations?status=accepted&search=GUS"));
        var (_, body) = await sandbox.GetAsync("../../invitations?search=gus");
        Assert.Equal(
            ("2026-01-31T10:00:00.000Z", "active"),
            ((string?)body["results"]![0]!["acceptedAt"], (string?)body["results"]![0]!["user"]!["status"])
        );
        Assert.Equal(400, (await sandbox.GetAsync("../../invitations?status=lost")).Status);
    }

    [Fact]
    public async Task An_invitation_that_is_taken_back_takes_the_user_out_of_every_project()
    {
        await using var sandbox = await StartAsync();
        Assert.Contains("carol@example.com", sandbox.EmailsIn(Project));
        sandbox.Connection.Decline(SecondProject, "carol@example.com");
        Assert.DoesNotContain("carol@example.com", sandbox.EmailsIn(Project));
        Assert.Empty(await sandbox.EmailsOfAsync("../../users?search=carol"));
        Assert.Throws<SandboxException>(() => sandbox.Connection.Accept(Project, "carol@example.com"));
        Assert.Single((await sandbox.InviteAsync("carol@example.com")).Body.AsArray());
    }
}
