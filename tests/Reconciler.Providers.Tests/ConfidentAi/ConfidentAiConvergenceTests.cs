using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Sandbox;
using Reconciler.Sandbox.ConfidentAi;
using Reconciler.Sandbox.Faults;
using Reconciler.Testing;
using Reconciler.Testing.OpenApi;

namespace Reconciler.Providers.Tests.ConfidentAi;

/// <summary>Whole passes: read, plan, apply, and read again.</summary>
public class ConfidentAiConvergenceTests
{
    private const string Carol = ConfidentAiBench.Carol;

    [Fact]
    public async Task A_batch_whose_answer_is_lost_is_listed_and_mailed_once()
    {
        await using var bench = await ConfidentAiBench.StartAsync();
        bench.Declare((Carol, "Member"), ("dave@example.com", "Member"));
        bench.Inject(new(FaultKind.LostResponse) { Method = "POST", Times = null });
        Assert.All(await bench.ConvergeAsync(), outcome => Assert.Equal(OutcomeKind.Done, outcome.Kind));
        Assert.Equal((1, 1), (bench.Vendor.MailsTo(Carol), bench.Vendor.MailsTo("dave@example.com")));
        Assert.False((await bench.PlanAsync()).HasChanges);
    }

    [Fact]
    public async Task A_batch_that_never_arrived_is_listed_and_sent_once_more()
    {
        await using var bench = await ConfidentAiBench.StartAsync();
        bench.Declare((Carol, "Member"), ("dave@example.com", "Member"));
        bench.Inject(new(FaultKind.Reset) { Method = "POST" });
        Assert.All(await bench.ConvergeAsync(), outcome => Assert.Equal(OutcomeKind.Done, outcome.Kind));
        Assert.Equal((1, 1), (bench.Vendor.MailsTo(Carol), bench.Vendor.MailsTo("dave@example.com")));
    }

    [Fact]
    public async Task One_call_a_role_invites_many_and_one_bad_address_fails_alone()
    {
        await using var bench = await ConfidentAiBench.StartAsync();
        bench.Declare((Carol, "Member"), ("dave@example.com", "Analyst"), ("erin@example.com", "Member"));
        bench.Inject(
            Fault.Answer(400, """{"success":false,"error":"Invalid email address"}""") with
            {
                Method = "POST",
                Body = "erin",
                Times = null,
            }
        );
        var outcomes = await bench.ConvergeAsync();
        Assert.Equal(
            [OutcomeKind.Done, OutcomeKind.Done, OutcomeKind.Failed],
            outcomes.OrderBy(o => o.Action.Email, StringComparer.Ordinal).Select(o => o.Kind)
        );
        // Two calls for two roles, and one for each address of the batch that was refused.
        Assert.Equal(4, bench.Sent().Count(request => request == "POST /invitations"));
    }

    [Fact]
    public async Task Somebody_who_became_a_member_in_between_is_skipped_and_told()
    {
        await using var bench = await ConfidentAiBench.StartAsync();
        var plan = await bench.Declare((Carol, "Analyst"), ("dave@example.com", "Analyst")).PlanAsync();
        bench.Vendor.AddMember(ConfidentAiBench.ProjectId, Carol, Reconciler.Sandbox.SandboxAccess.Role("Member"));
        var result = await new Applier(_ => bench.Connection, null, TimeProvider.System).ApplyAsync(
            plan,
            null,
            TestContext.Current.CancellationToken
        );
        Assert.Equal([OutcomeKind.Failed, OutcomeKind.Done], result.Outcomes.Select(o => o.Kind));
        Assert.Equal(ActionKind.Update, Assert.Single(Assert.Single((await bench.PlanAsync()).Plans).Actions).Kind);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Somebody_who_declined_is_invited_again_where_that_is_asked_for_and_told_where_the_vendor_skips_them(
        bool blocks
    )
    {
        await using var bench = await ConfidentAiBench.StartAsync(1, Carol);
        bench.Vendor.Set(ConfidentQuirks.DeclinedBlocks, blocks);
        bench.Vendor.Decline(ConfidentAiBench.ProjectId, Carol);
        bench.Declare((Carol, "Member"));
        Assert.Equal(
            FindingKind.Declined,
            Assert.Single(Assert.Single((await bench.PlanAsync()).Plans).Findings, f => f.Person == Carol).Kind
        );
        bench.Project = bench.Project with { Invitations = bench.Project.Invitations with { ReinviteDeclined = true } };
        Assert.Equal(blocks ? OutcomeKind.Failed : OutcomeKind.Done, Assert.Single(await bench.ConvergeAsync()).Kind);
    }

    [Fact]
    public async Task Every_call_fits_the_vendors_document()
    {
        var document = OpenApiDocument.Load(SharedFiles.Path("apis", "openapi", "confident-ai.yaml"));
        await using var bench = await ConfidentAiBench.StartAsync(2, Carol, "dave@example.com", "erin@example.com");
        bench.Declare(
            (ConfidentAiBench.Owner, "Owner"),
            (ConfidentAiBench.Member1, "Analyst"),
            (Carol, "Manager"),
            ("dave@example.com", "Member"),
            ("new@example.com", "Member")
        );
        bench.Project = bench.Project with { Prune = PrunePolicy.All };
        await bench.ApplyAsync(await bench.ActionAsync(ActionKind.Resend, "dave@example.com"));
        Assert.NotEmpty(await bench.ConvergeAsync());

        var problems = new List<string>();
        foreach (var request in bench.Server.Requests)
        {
            var uri = new Uri(new("http://sandbox"), request.Target[$"/{ConfidentAiBench.Name}".Length..]);
            var operation = document.Find(request.Method, uri.AbsolutePath);
            problems.AddRange(
                operation?.CheckRequest(
                    uri.AbsolutePath,
                    uri.Query,
                    request.Body.Length > 0 ? "application/json" : null,
                    request.Body
                ) ?? [$"{request.Method} {uri}: not documented"]
            );
        }

        // The document forgets to declare the two ids in the path of its resending (PUT).
        Assert.All(problems, problem => Assert.StartsWith("path: the parameter '", problem, StringComparison.Ordinal));
        Assert.Equal(2, problems.Count);
        Assert.False((await bench.PlanAsync()).HasChanges);
    }
}
