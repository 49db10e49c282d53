using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Sandbox;
using Reconciler.Sandbox.EquinixMetal;
using Reconciler.Sandbox.Faults;

namespace Reconciler.Providers.Tests.EquinixMetal;

/// <summary>One person, several projects.</summary>
public class EquinixMetalSharingTests
{
    private const string Ana = "ana@example.com";
    private static readonly string[] Everywhere =
    [
        EquinixMetalBench.First,
        EquinixMetalBench.Second,
        EquinixMetalBench.Third,
        EquinixMetalBench.Foreign,
    ];

    [Fact]
    public async Task Each_project_invites_alone_where_the_manifest_does_not_combine()
    {
        await using var bench = await EquinixMetalBench.StartAsync();
        var result = await bench.RunAsync(ProjectLedger.None, Declared(bench, combine: false, Ana));
        Assert.Equal((4, 4), (result.Count(OutcomeKind.Done), bench.Vendor.MailsTo(Ana)));
        Assert.All(bench.Sent(), s => Assert.EndsWith("/invitations", s, StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_invitation_names_all_projects_of_one_organization_where_the_manifest_combines()
    {
        await using var bench = await EquinixMetalBench.StartAsync();
        var result = await bench.RunAsync(ProjectLedger.None, Declared(bench, combine: true, Ana));
        Assert.Equal((4, 2), (result.Count(OutcomeKind.Done), bench.Vendor.MailsTo(Ana)));
        var invitation = Assert.Single(
            bench.Server.Requests,
            r =>
                r.Target.EndsWith(
                    $"/organizations/{EquinixMetalBench.Organization}/invitations",
                    StringComparison.Ordinal
                )
        );
        Assert.Equal(
            $$"""{"invitee":"{{Ana}}","roles":["collaborator"],"projects_ids":["{{string.Join("\",\"", Everywhere.Take(3))}}"]}""",
            invitation.Body
        );
        Assert.True((await bench.ReadAsync()).Invitations.Single().NamesOtherProjects);
        var again = await bench.RunAsync(ProjectLedger.None, Declared(bench, combine: true, Ana));
        Assert.Empty(again.Outcomes);
        Assert.Empty(bench.Sent());
    }

    [Fact]
    public async Task A_projects_organization_is_asked_once_however_many_people_are_invited()
    {
        await using var bench = await EquinixMetalBench.StartAsync();
        await bench.RunAsync(
            ProjectLedger.None,
            Declared(bench, combine: true, Ana, "bea@example.com", "cid@example.com")
        );
        Assert.Equal(4, bench.Sent().Count(s => s.StartsWith("GET", StringComparison.Ordinal)));
        Assert.Contains("GET /projects/P/memberships?include=project&exclude=user&page=1&per_page=1", bench.Sent());
    }

    [Fact]
    public async Task A_combined_invitation_that_is_refused_is_tried_by_each_project_alone()
    {
        await using var bench = await EquinixMetalBench.StartAsync();
        var projects = Declared(bench, combine: true, Ana);
        // Somebody invites Ana by hand between plan and apply: the vendor refuses a second invitation to that project.
        var plan = await new PlanRun(
            _ => bench.Connection.Reader,
            new LedgerReader(null, _ => ProjectLedger.None),
            TimeProvider.System
        ).RunAsync(projects, null, TestContext.Current.CancellationToken);
        await bench.ApplyAsync(await bench.ActionAsync(ActionKind.Invite, Ana, "billing"));
        var result = await new Applier(_ => bench.Connection, null, TimeProvider.System).ApplyAsync(
            plan,
            null,
            TestContext.Current.CancellationToken
        );
        Assert.Equal((3, 1), (result.Count(OutcomeKind.Done), result.Count(OutcomeKind.Failed)));
        Assert.Contains(
            "already been invited",
            result.Outcomes.Single(o => o.Kind == OutcomeKind.Failed).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_combined_invitation_whose_answer_is_lost_is_settled_in_each_project_and_mailed_once()
    {
        await using var bench = await EquinixMetalBench.StartAsync();
        bench.Inject(
            new(FaultKind.LostResponse)
            {
                Method = "POST",
                Path = "/organizations/",
                Times = null,
            }
        );
        var result = await bench.RunAsync(ProjectLedger.None, Declared(bench, combine: true, Ana)[..3]);
        Assert.Equal((3, 1), (result.Count(OutcomeKind.Done), bench.Vendor.MailsTo(Ana)));
    }

    [Fact]
    public async Task Different_people_and_different_access_are_never_combined()
    {
        await using var bench = await EquinixMetalBench.StartAsync();
        var projects = Declared(bench, combine: true, Ana);
        projects[1] = projects[1] with
        {
            Members = [projects[1].Members[0] with { Access = EquinixMetalBench.Roles("billing") }],
        };
        projects[2] = bench.Desired(EquinixMetalBench.Third, combine: true, "bea@example.com");
        await bench.RunAsync(ProjectLedger.None, projects[..3]);
        Assert.DoesNotContain(bench.Sent(), s => s.Contains("/organizations/", StringComparison.Ordinal));
        Assert.Equal(2, bench.Vendor.MailsTo(Ana));
    }

    [Fact]
    public async Task A_reminder_of_an_invitation_that_names_several_projects_is_mailed_once()
    {
        await using var bench = await EquinixMetalBench.StartAsync(
            1,
            [EquinixMetalBench.Pending(Ana, EquinixMetalBench.Second)]
        );
        var rules = InvitationPolicy.Default with { ResendAfter = TimeSpan.Zero };
        var result = await bench.RunAsync(
            ProjectLedger.Empty,
            [.. Declared(bench, combine: false, Ana)[..2].Select(p => p with { Invitations = rules })]
        );
        Assert.Equal((2, 1), (result.Count(OutcomeKind.Done), bench.Vendor.MailsTo(Ana)));
        Assert.StartsWith("POST /invitations/", Assert.Single(bench.Sent()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vendor_that_takes_a_second_invitation_gets_no_second_one_for_the_same_project()
    {
        await using var bench = await EquinixMetalBench.StartAsync(
            1,
            [EquinixMetalBench.Pending(Ana, EquinixMetalBench.Second)],
            EquinixQuirks.DuplicateInvitations
        );
        var result = await bench.RunAsync(ProjectLedger.None, Declared(bench, combine: true, Ana)[..3]);
        Assert.Equal(["POST"], bench.Server.Requests.Select(r => r.Method));
        Assert.Equal(
            EquinixMetalBench.Third,
            Assert.Single(result.Projects, p => p.Outcomes.Length > 0).Plan.Project.ProjectId
        );
    }

    private static DesiredProject[] Declared(EquinixMetalBench bench, bool combine, params string[] emails) =>
        [.. Everywhere.Select(id => bench.Desired(id, combine, emails))];
}
