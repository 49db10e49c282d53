using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Testing;
using Reconciler.Testing.Core;
using Reconciler.Testing.Model;

namespace Reconciler.Engine.Tests.Model;

/// <summary>The accounts, manifests and the ledger of one history, and everything that happened, in words.</summary>
internal sealed class ModelWorld
{
    private static readonly ActionKind[] MayLack =
    [
        ActionKind.Resend,
        ActionKind.Replace,
        ActionKind.Revoke,
        ActionKind.Remove,
        ActionKind.Update,
    ];

    public ModelWorld(Chance chance, bool isTold)
    {
        (Chance, IsTold) = (chance, isTold);
        Store = new(chance.Once(50));
        var accounts = chance.Between(1, 2);
        for (var a = 0; a < accounts; a++)
            Accounts.Add(MakeAccount(a));
        foreach (var account in Accounts)
        {
            var projects = chance.Between(1, Accounts.Count == 1 ? 3 : 2);
            for (var p = 0; p < projects; p++)
                MakeDocument(account);
        }
    }

    public Chance Chance { get; }

    public bool IsTold { get; }

    public FakeTimeProvider Clock { get; } = new(FakeClock.Morning);

    public ModelStore Store { get; }

    public List<ModelAccount> Accounts { get; } = [];

    public List<ModelDocument> Documents { get; } = [];

    public List<string> Log { get; } = [];

    public IEnumerable<ModelDocument> Declared => Documents.Where(d => d.Exists);

    /// <summary>Whom an invitation of ours reached, in a project, and whose entry nobody touched since.</summary>
    public HashSet<(string Project, string Email)> Mailed { get; } = [];

    /// <summary>
    /// Who was declared in a project, and has been there or declared ever since: a superset of those who are owned.
    /// </summary>
    public HashSet<(string Project, int Person)> Known { get; } = [];

    /// <summary>Notes what happens; nothing is put into words where nobody reads.</summary>
    public void Say([InterpolatedStringHandlerArgument("")] ref Telling what)
    {
        if (IsTold)
            Log.Add(what.ToText());
    }

    public ModelAccount AccountOf(DesiredProvider provider) => Accounts.First(a => a.Name == provider.Id);

    public string RandomWords(ModelAccount account) =>
        account.Vendor.Type == "solo"
            ? Chance.Of<string>(["Viewer", "Editor", "Manager"])
            : Chance.Of<string>(["read", "write", "admin", "read write", "read admin", "read write", "read"]);

    /// <summary>An entry, a document or a record changed: what was sent before binds nobody any more.</summary>
    public void Touch(string project, int? person = null) =>
        Mailed.RemoveWhere(m => m.Project == project && (person is null || Someone.Of(m.Email) == person));

    private ModelAccount MakeAccount(int number)
    {
        var kind = Chance.Below(4);
        var vendor = kind == 1 ? TestVendors.Solo : TestVendors.Acme;
        if (kind == 1 || Chance.Once(15))
            vendor = vendor.Without([ActionKind.Resend]);
        if (Chance.Once(20))
            vendor = vendor.Without(MayLack.Where(k => vendor.Capabilities.Can(k) && Chance.Once(30)).ToList());
        vendor = vendor with
        {
            Capabilities = vendor.Capabilities with
            {
                InviteBatch = kind == 1 ? 3 : 1,
                CombinesInvitations = kind == 2,
            },
        };
        var account = new ModelAccount($"default/account-{number}", vendor, kind == 3, Clock)
        {
            ReadsBack = Chance.Once(30),
            ListsDeclined = kind == 3 ? Chance.Once(30) : Chance.Once(75),
            ListsExpired = Chance.Once(30),
        };
        account.Connect(null, null);
        Say(
            $"{account.Name}: "
                + $"{vendor.Type}{(kind == 2 ? ", combines invitations" : kind == 3 ? ", an organisation" : "")}; "
                + $"cannot {string.Join(", ", vendor.Capabilities.Manual.Keys.Order())}"
        );
        return account;
    }

    private void MakeDocument(ModelAccount account)
    {
        var number = Documents.Count;
        var id = $"3c90c3cc-0d44-4b50-8888-00000000000{number}";
        var document = new ModelDocument(account, id, $"default/project-{number}");
        document.Prune = Chance.Of(Enum.GetValues<Reconciler.Core.Manifests.Kinds.PrunePolicy>());
        var members = ImmutableArray.CreateBuilder<LiveMember>();
        foreach (var person in Enumerable.Range(0, Someone.Count))
        {
            if (Chance.Once(50))
                document.Entries[person] = new(
                    Chance.Once(70) ? Naming.Address : Chance.Of(Enum.GetValues<Naming>()),
                    RandomWords(account)
                );
            if (Chance.Once(40))
                members.Add(
                    account.Member(
                        Someone.Address(person),
                        account.Vendor.Grants(
                            document.Entries.TryGetValue(person, out var entry) && Chance.Once(70)
                                ? entry.Words
                                : RandomWords(account)
                        )
                    )
                );
        }

        account.Projects[id] = new(members.ToImmutable(), []);
        if (account.Organisation is { } organisation)
            organisation.UnionWith(members.Select(m => EmailAddress.KeyOf(m.Email)));
        Documents.Add(document);
        if (Chance.Once(60))
            ManifestSteps.Limit(this, document);
        if (Chance.Once(60))
            ManifestSteps.Invite(this, document);
        if (Chance.Once(25))
            ManifestSteps.Protect(this, document, Chance.Below(Someone.Count));
        if (Chance.Once(25))
            ManifestSteps.Ignore(this, account, Chance.Below(Someone.Count));
        Say(
            $"{document.Name} at {account.Name}: prune {document.Prune}; "
                + $"declares {string.Join(", ", document.Entries.Select(e => $"{e.Key} {e.Value}"))}; "
                + $"members {string.Join(", ", members.Select(m => $"{m.Email} {m.Access}"))}"
        );
    }
}

/// <summary>Text that is put together only when it is read, since most histories are never shown.</summary>
[InterpolatedStringHandler]
internal ref struct Telling
{
    private DefaultInterpolatedStringHandler _text;
    private readonly bool _isTold;

    public Telling(int literal, int formatted, ModelWorld world, out bool isTold)
    {
        isTold = _isTold = world.IsTold;
        if (isTold)
            _text = new(literal, formatted, CultureInfo.InvariantCulture);
    }

    public void AppendLiteral(string text) => _text.AppendLiteral(text);

    public void AppendFormatted<T>(T value, string? format = null) => _text.AppendFormatted(value, format);

    public string ToText() => _isTold ? _text.ToStringAndClear() : "";
}
