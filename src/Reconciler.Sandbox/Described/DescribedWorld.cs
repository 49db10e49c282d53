using System.Globalization;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Describing;
using Reconciler.Sandbox.Records;

namespace Reconciler.Sandbox.Described;

/// <summary>Holds a described vendor's state and changes it.</summary>
internal sealed class DescribedWorld
{
    private readonly List<DescribedProject> projects = [];
    private readonly List<DescribedAccount> accounts = [];
    private readonly Dictionary<string, DescribedAccount> byEmail = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, DescribedAccount> byId = new(StringComparer.Ordinal);
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
    private int last;

    public DescribedWorld(Vendor vendor, VendorSetup setup)
    {
        (Vendor, Setup) = (vendor, setup);
        Names = new(vendor, NextId);
        DescribedSeed.Load(setup.Seed, this);
        var actor = setup.Seed.ActingAs;
        Actor = Register(vendor.Logins is null ? actor : actor.Split('@')[0]);
        foreach (var email in setup.Seed.KnownUsers)
            Register(email);
    }

    public Vendor Vendor { get; }

    public VendorDescription Api => Vendor.Description!;

    public VendorSetup Setup { get; }

    /// <summary>The ids of roles or groups.</summary>
    public DescribedNameIds Names { get; }

    /// <summary>The account of the token's user.</summary>
    public DescribedAccount Actor { get; }

    public IReadOnlyList<DescribedProject> Projects => projects;

    public IReadOnlyList<DescribedAccount> Accounts => accounts;

    public DateTimeOffset Now => Setup.Clock.GetUtcNow();

    public DescribedProject? Project(string id) =>
        projects.Find(p => Vendor.NormalProject(p.Id) == Vendor.NormalProject(id));

    /// <summary>Finds a project for a control; throws where there is none.</summary>
    public DescribedProject Known(string id) => Project(id) ?? throw new SandboxException($"there is no project {id}");

    /// <summary>The one project of the token, where no path names it; null elsewhere.</summary>
    public DescribedProject? Only => Api.Members.Project is null || projects.Count == 0 ? null : projects[0];

    public DescribedAccount? Account(string id) => byId.GetValueOrDefault(id);

    public bool IsRegistered(string email) => byEmail.ContainsKey(email);

    public void Add(DescribedProject project) => projects.Add(project);

    /// <summary>Keeps an id of a seed from being given to somebody else.</summary>
    public void Reserve(string id) => taken.Add(id);

    /// <summary>Adds an account, or returns the one with the address.</summary>
    /// <param name="email">The address.</param>
    /// <param name="id">The id of a new account; null for a generated one.</param>
    /// <param name="name">The name of a new account; null for one that is made from the address.</param>
    public DescribedAccount Register(string email, string? id = null, string? name = null)
    {
        if (byEmail.TryGetValue(email, out var known))
            return known;
        var isAddress = IsSame(Api.People?.Id, Api.People?.Email) || IsSame(Api.Members.Person, Api.Members.Email);
        var account = new DescribedAccount(isAddress ? email : id ?? NextId(), email, name ?? NameOf(email));
        accounts.Add(account);
        byEmail.Add(email, account);
        byId.TryAdd(account.Id, account);
        return account;
    }

    /// <summary>Adds a member.</summary>
    public DescribedMember AddMember(DescribedProject project, string email, SandboxAccess access)
    {
        var account = Register(email);
        // Somebody who had access from above stays the same member.
        if (project.Member(email) is { } there)
        {
            there.Access = access;
            return there;
        }

        var member = new DescribedMember(MemberId(account) ?? NextId(), account) { Access = access };
        project.Members.Add(member);
        return member;
    }

    /// <summary>Adds an invitation that waits.</summary>
    public DescribedInvitation AddInvitation(DescribedProject project, string email, SandboxAccess access)
    {
        var invitation = new DescribedInvitation(InvitationId(email) ?? NextId(), email, Now) { Access = access };
        project.Invitations.Add(invitation);
        return invitation;
    }

    /// <summary>
    /// The id of a membership where the definition has it at the place of another value; null elsewhere.
    /// </summary>
    public string? MemberId(DescribedAccount account) =>
        IsSame(Api.Members.Id, Api.Members.Person) ? account.Id
        : IsSame(Api.Members.Id, Api.Members.Email) ? account.Email
        : null;

    /// <summary>
    /// The id of an invitation where the definition has it at the place of the address; null elsewhere.
    /// </summary>
    public string? InvitationId(string email) => IsSame(Api.Invitations?.Id, Api.Invitations?.Email) ? email : null;

    public string NextId()
    {
        string id;
        do
        {
            id = (++last).ToString(CultureInfo.InvariantCulture);
        } while (!taken.Add(id));
        return id;
    }

    private string NameOf(string email) => Vendor.Logins is null ? PersonName.Full(new(Guid.Empty, email, Now)) : email;

    private static bool IsSame(JsonPointer? one, JsonPointer? other) =>
        one is not null && other is not null && one.Text == other.Text;
}

/// <summary>The ids of roles or groups, by the lists that turn names into ids.</summary>
internal sealed class DescribedNameIds(Vendor vendor, Func<string> nextId)
{
    private readonly Dictionary<string, List<(string Name, string Id)>> lists =
        vendor.Description!.Names.Keys.ToDictionary(
            n => n,
            _ => new List<(string Name, string Id)>(),
            StringComparer.Ordinal
        );

    public IReadOnlyList<(string Name, string Id)> Of(string list) => lists[list];

    public bool Has(string list) => lists.ContainsKey(list);

    public string? IdOf(string list, string name) => lists[list].Find(n => n.Name == name).Id;

    public string? NameOf(string list, string id) => lists[list].Find(n => n.Id == id).Name;

    public void Add(string list, string name, string? id = null)
    {
        if (IdOf(list, name) is null)
            lists[list].Add((name, id ?? nextId()));
    }
}
