using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Engine.Applying;
using Reconciler.Sandbox.Faults;

namespace Reconciler.Providers.Tests.ConfidentAi;

public class ConfidentAiOwnerTests
{
    [Fact]
    public async Task Declaring_the_present_Owner_changes_nothing()
    {
        await using var bench = await ConfidentAiBench.StartAsync();
        Assert.False((await bench.Declare(("Olga@Example.com", "Owner")).PlanAsync()).HasChanges);
    }

    [Fact]
    public async Task Declaring_somebody_else_as_Owner_is_refused_before_anything_is_planned()
    {
        await using var bench = await ConfidentAiBench.StartAsync();
        var failure = await ConfidentAiBench.RefusedAsync(bench.Declare((ConfidentAiBench.Member1, "Owner")).ReadAsync);
        Assert.Equal(ProviderFault.Invalid, failure.Fault);
        Assert.Equal(
            "evals.yaml:1:3: role: member1@example.com is declared as Owner, "
                + "and olga@example.com is: giving that role away makes the present Owner a Manager; "
                + "expected another role, or allowOwnerTransfer: true in the project's spec",
            failure.Message
        );
    }

    [Fact]
    public async Task A_project_that_allows_it_gets_another_Owner_and_the_old_one_becomes_Manager()
    {
        await using var bench = await ConfidentAiBench.StartAsync();
        bench.Declare((ConfidentAiBench.Member1, "Owner"), (ConfidentAiBench.Owner, "Manager"));
        bench.Project = bench.Project with { AllowOwnerTransfer = true };
        Assert.Equal(OutcomeKind.Done, Assert.Single(await bench.ConvergeAsync()).Kind);
        Assert.Equal(
            ("Owner", "Manager"),
            (bench.RoleOf(ConfidentAiBench.Member1), bench.RoleOf(ConfidentAiBench.Owner))
        );
        Assert.False((await bench.PlanAsync()).HasChanges);
    }

    [Theory]
    [InlineData(FaultKind.LostResponse, true)]
    [InlineData(FaultKind.Reset, false)]
    public async Task A_transfer_whose_answer_is_lost_is_settled_by_reading_and_never_sent_twice(
        FaultKind fault,
        bool isDone
    )
    {
        await using var bench = await ConfidentAiBench.StartAsync();
        bench.Declare((ConfidentAiBench.Member1, "Owner"));
        bench.Project = bench.Project with { AllowOwnerTransfer = true };
        bench.Inject(new(fault) { Method = "PUT", Times = null });
        Assert.Equal(isDone ? OutcomeKind.Done : OutcomeKind.Failed, Assert.Single(await bench.ConvergeAsync()).Kind);
        Assert.Single(bench.Sent(), request => request.StartsWith("PUT", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(ConfidentAiBench.Carol)]
    [InlineData("nobody@example.com")]
    public async Task Nobody_is_invited_as_Owner_even_where_a_transfer_is_allowed(string email)
    {
        await using var bench = await ConfidentAiBench.StartAsync(1, ConfidentAiBench.Carol);
        bench.Declare((email, "Owner"));
        bench.Project = bench.Project with { AllowOwnerTransfer = true };
        var failure = await ConfidentAiBench.RefusedAsync(bench.ReadAsync);
        Assert.Equal(
            $"evals.yaml:1:3: role: {email} is declared as Owner and is no member: an invitation cannot carry "
                + "Owner; expected another role until the person has accepted",
            failure.Message
        );
    }

    [Fact]
    public async Task Two_declared_Owners_are_refused_so_that_the_role_does_not_go_to_and_fro()
    {
        await using var bench = await ConfidentAiBench.StartAsync();
        bench.Declare((ConfidentAiBench.Member1, "Owner"), (ConfidentAiBench.Owner, "Owner"));
        bench.Project = bench.Project with { AllowOwnerTransfer = true };
        var failure = await ConfidentAiBench.RefusedAsync(bench.ReadAsync);
        Assert.Contains(
            "evals.yaml:1:3 (and 1 more place): role: member1@example.com and olga@example.com are declared as Owner",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_address_of_the_Owner_that_is_declared_as_an_alias_or_by_id_is_the_Owner()
    {
        await using var bench = await ConfidentAiBench.StartAsync();
        var id = (await bench.ReadAsync()).Members.Single(m => m.IsVendorOwner).PersonId;
        var declared = bench.Declare(("olga@new.example", "Owner")).Project.Members[0];
        bench.Project = bench.Project with
        {
            Members = [declared with { Person = declared.Person with { Aliases = [ConfidentAiBench.Owner] } }],
        };
        Assert.Equal(3, (await bench.ReadAsync()).Members.Length);
        bench.Project = bench.Project with
        {
            Members = [declared with { Person = new($"id:{id}", null) { UserId = id } }],
        };
        Assert.Equal(3, (await bench.ReadAsync()).Members.Length);
    }

    [Fact]
    public async Task The_Owner_is_neither_removed_nor_demoted()
    {
        await using var bench = await ConfidentAiBench.StartAsync(0);
        var plan = Assert.Single((await bench.Declare((ConfidentAiBench.Owner, "Member")).PlanAsync()).Plans);
        Assert.Empty(plan.Actions);
        Assert.Equal(FindingKind.Protected, Assert.Single(plan.Findings).Kind);
        bench.Project = bench.Project with { Members = [], Prune = Reconciler.Core.Manifests.Kinds.PrunePolicy.All };
        plan = Assert.Single((await bench.PlanAsync()).Plans);
        Assert.Empty(plan.Actions);
    }

    [Theory]
    [InlineData(ActionKind.Update)]
    [InlineData(ActionKind.Replace)]
    [InlineData(ActionKind.Invite)]
    public async Task A_writer_that_is_told_to_give_Owner_without_leave_sends_nothing(ActionKind kind)
    {
        await using var bench = await ConfidentAiBench.StartAsync(1, ConfidentAiBench.Carol);
        var action = await bench.ActionAsync(
            kind,
            kind is ActionKind.Update ? ConfidentAiBench.Member1 : ConfidentAiBench.Carol,
            "Owner"
        );
        var failure = await ConfidentAiBench.RefusedAsync(() => bench.ApplyAsync(action));
        Assert.StartsWith("nothing was sent: ", failure.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Server.Requests);
    }
}
