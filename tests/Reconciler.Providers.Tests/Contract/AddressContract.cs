using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing.Contract;

namespace Reconciler.Providers.Tests.Contract;

/// <summary>Whose address is whose, at every vendor.</summary>
public sealed class AddressContract
{
    private const string Ana = "ana@example.com";
    private const string Old = "old@example.com";
    private const string Letters = "kim@münchen.example";
    private const string Ascii = "kim@xn--mnchen-3ya.example";

    // A login is no address; LoginTests of Core say whose login is whose.
    public static TheoryData<string> Vendors => VendorRows.That(r => r.Vendor.Logins is null);

    public static TheoryData<string> Inviters => VendorRows.That(r => r.Vendor.Logins is null && r.Invites);

    public static TheoryData<string> Replacers =>
        VendorRows.That(r =>
            r.Vendor is { Logins: null, Capabilities.ChangesInvitations: false }
            && r.Vendor.Capabilities.Can(ActionKind.Replace)
        );

    public static TheoryData<string> Changers =>
        VendorRows.That(r =>
            r.Vendor is { Logins: null, Capabilities.ChangesInvitations: true }
            && r.Vendor.Capabilities.Can(ActionKind.Replace)
        );

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Case_odd_lists_members(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(
            vendor,
            ContractBench.Members("w@z..example", "x..y@z.example", "a\u200bb@example.com", Letters, Ascii, Ana, Old)
        );
        var plan = await bench.Declare(Ana).PlanAsync();
        Assert.Equal([(ActionKind.Remove, Old)], plan.Actions.Select(a => (a.Kind, a.Email)));
        Assert.Equal(5, plan.Findings.Count(f => f.Kind == FindingKind.Unclear));
        var ids = plan
            .Live.Members.Where(m => !m.IsService && m.Email is not (Ana or Old))
            .Select(m => $"member {m.MembershipId}")
            .Order(StringComparer.Ordinal);
        Assert.Equal(
            ids,
            plan.Findings.Where(f => f.Kind == FindingKind.Unclear).Select(f => f.Person).Order(StringComparer.Ordinal)
        );
        Assert.True(plan.IsUnclear);
    }

    [Theory]
    [MemberData(nameof(Inviters))]
    public async Task Case_odd_lists_invitations(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(
            vendor,
            (row, project) =>
                project with
                {
                    Members = [new SeedMember(Ana, row.SeedLesser), new SeedMember(Old, row.SeedLesser)],
                    Invitations = [new SeedInvitation("w@z..example", row.SeedLesser)],
                }
        );
        var plan = await bench.Declare(Ana).PlanAsync();
        Assert.Equal([(ActionKind.Remove, Old)], plan.Actions.Select(a => (a.Kind, a.Email)));
        // An invitation to GoRules' organisation is no entry of a project's list.
        Assert.Equal(plan.Live.Invitations.Length, plan.Findings.Count(f => f.Kind == FindingKind.Unclear));
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Case_idn_a_domain_in_letters_and_in_ASCII_is_one(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor, ContractBench.Members(Ascii));
        Assert.Empty((await bench.Declare(Letters).PlanAsync()).Actions);
        Assert.Empty((await bench.Declare("kim@mu\u0308nchen.example").PlanAsync()).Actions);
    }

    [Theory]
    [MemberData(nameof(Replacers))]
    public async Task A_replacement_goes_to_the_declared_address_and_not_to_the_alias_that_was_invited(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor, ContractBench.Pending(Old));
        await bench.Person(Ana, Old).Declare([(Ana, bench.Row.Greater)]).ConvergeAsync();
        Assert.Equal((1, 0), (bench.MailsTo(Ana), bench.MailsTo(Old)));
        Assert.Equal([Ana], (await bench.ReadAsync(bench.Resolve())).Invitations.Select(i => i.Email));
    }

    [Theory]
    [MemberData(nameof(Changers))]
    public async Task An_invitation_to_an_alias_gets_the_declared_access_without_another_mail(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor, ContractBench.Pending(Old));
        await bench.Person(Ana, Old).Declare([(Ana, bench.Row.Greater)]).ConvergeAsync();
        Assert.Equal((0, 0), (bench.MailsTo(Ana), bench.MailsTo(Old)));
        Assert.Equal([Old], (await bench.ReadAsync(bench.Resolve())).Invitations.Select(i => i.Email));
    }

    [Theory]
    [MemberData(nameof(Inviters))]
    public async Task An_address_is_sent_as_declared(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor, ContractBench.Members(Ana));
        await bench.Declare(Ana, Letters).ConvergeAsync();
        Assert.Contains(Letters, bench.Vendor.Invitations(bench.Row.ProjectId).Select(i => i.Email));
    }
}
