using System.Collections.Immutable;
using Reconciler.Core.Membership;

namespace Reconciler.Testing.Core;

/// <summary>Vendors that exist in tests only, so that no test of the core depends on a real one.</summary>
public static class TestVendors
{
    /// <summary>Takes a set of permissions, and a flag that an entry may leave alone.</summary>
    public static Vendor Acme { get; } =
        new(
            "acme",
            "Acme",
            new([
                new("permissions", AccessForm.Words, "What the person may do.")
                {
                    Known = ["read", "write", "admin"],
                    Admin = ["admin"],
                },
                new("owner", AccessForm.Flag, "Whether the person owns the account.")
                {
                    Admin = ["true"],
                    LeftAloneWhenAbsent = true,
                },
            ]),
            new()
        )
        {
            PublishedUrls = ["https://api.acme.example/v1"],
        };

    /// <summary>Takes one role a person; its ids are uuids.</summary>
    public static Vendor Solo { get; } =
        new(
            "solo",
            "Solo",
            new([
                new("role", AccessForm.Word, "The person's role.")
                {
                    Known = ["Viewer", "Editor", "Manager", "Owner"],
                    Admin = ["Manager", "Owner"],
                    Required = true,
                },
            ]),
            new()
        )
        {
            PublishedUrls = ["https://solo.example/api"],
            UuidIds = true,
        };

    /// <summary>Knows people by logins, and projects by two names.</summary>
    public static Vendor Hub { get; } =
        new(
            "hub-repository",
            "Hub",
            new([
                new("role", AccessForm.Word, "The person's role.")
                {
                    Known = ["read", "write", "admin"],
                    Admin = ["admin"],
                    Required = true,
                },
            ]),
            new()
        )
        {
            PublishedUrls = ["https://api.hub.example"],
            Logins = new(CaseCounts: false, FindsAccounts: true) { Site = "hub" },
            ProjectIds = new(2, 2, IsOneSegment: false) { IgnoresCase = true },
        };

    public static ImmutableArray<Vendor> All { get; } = [Acme, Solo, Hub];

    /// <summary>The same vendor without a way for some actions.</summary>
    public static Vendor Without(this Vendor vendor, params IEnumerable<ActionKind> kinds) =>
        vendor with
        {
            Capabilities = vendor.Capabilities with
            {
                Manual = vendor.Capabilities.Manual.AddRange(
                    kinds.Select(k => KeyValuePair.Create(k, $"do the {k} by hand"))
                ),
            },
        };

    /// <summary>Access in short: <c>read write</c>, <c>owner</c>, or a role; "" for none.</summary>
    public static Access Grants(this Vendor vendor, string words) =>
        Access.Of(
            words
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(w =>
                    w switch
                    {
                        "owner" => vendor.Access.Grant("owner", "true"),
                        _ => vendor.Access.Grant(vendor.Access.Fields[0].Name, w),
                    }
                )
        );

    /// <summary>Access as a manifest asks for it: the flag is left alone unless it is named.</summary>
    public static DesiredAccess Asked(this Vendor vendor, string words)
    {
        var grants = vendor.Grants(words);
        return new(
            grants,
            [
                .. vendor
                    .Access.Fields.Where(f => !f.LeftAloneWhenAbsent || grants.Words(f.Name).Any())
                    .Select(f => f.Name),
            ]
        );
    }
}
