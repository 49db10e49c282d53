using Reconciler.Core.Ledgers;
using Reconciler.Core.Planning;
using Reconciler.Core.Recording;
using Reconciler.Testing.Core;

namespace Reconciler.Tests.Safety;

/// <summary>People who were taken for somebody else, each as it was reported.</summary>
public sealed class IdentityTests
{
    private const string Ana = "ana@x.example";

    [Fact]
    public void An_address_in_other_capitals_is_the_same_person_as_in_k8s_io_2890() =>
        new World()
            .Declare("Cicih@x.example", "read")
            .Member("cicih@x.example", "read")
            .Owned("CICIH@x.example")
            .Plan()
            .OnlyFinds();

    [Fact]
    public void Somebody_removed_and_declared_again_is_invited_again_as_in_the_IBM_provider_3381()
    {
        var removing = new World().Owned(Ana).Member(Ana, "read");
        var plan = removing.Plan();
        plan.Does($"Remove {Ana} -read");
        var ledger = LedgerUpdate.After(removing.Ledger, plan, plan.Actions, World.Now);
        var again = new World().Declare(Ana, "read");
        Planner.Plan(again.Desired, again.Live, ledger, World.Now).Does($"Invite {Ana} +read");
    }

    [Fact]
    public void Somebody_whose_address_changed_is_neither_removed_nor_invited_at_the_old_one_as_in_the_tfe_provider_114() =>
        new World()
            .Declare(Ana, "read")
            .Member("ana.new@x.example", "read", id: "u1")
            .Remember(
                new(Ana)
                {
                    PersonId = "u1",
                    Owned = true,
                    State = PersonState.Member,
                }
            )
            .Plan()
            .OnlyFinds($"AddressChanged {Ana}");
}
