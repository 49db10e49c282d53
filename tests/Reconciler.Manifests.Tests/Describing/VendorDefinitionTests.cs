using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Manifests.Loading;
using Reconciler.Testing.Sources;

namespace Reconciler.Manifests.Tests.Describing;

/// <summary>A wrong VendorDefinition is refused as a whole, with the place of every problem.</summary>
public sealed class VendorDefinitionTests : IDisposable
{
    internal const string Definition = """
        apiVersion: reconciler.dev/v1alpha1
        kind: VendorDefinition
        metadata: {name: acme}
        spec:
          title: Acme
          token: {header: Authorization, prefix: "Bearer "}
          headers: {Accept: application/json}
          access:
            - name: roles
              form: words
              description: What the person may do.
              known: [reader, owner]
              admin: [owner]
          members:
            path: /teams/{project}/people
            items: /people
            id: /id
            email: /mail
            access: {roles: {at: /roles}}
          invitations:
            path: /teams/{project}/invitations
            items: ""
            id: /id
            email: /mail
            createdAt: /at
          calls:
            invite:
              method: POST
              path: /teams/{project}/invitations
              effect: mails
              body: {mail: "{email}", roles: "{access.roles}"}
            update:
              method: PATCH
              path: /teams/{project}/people/{member.id}
              effect: idempotent
              body: {roles: "{access.roles}"}
            revoke:
              method: DELETE
              path: /teams/{project}/invitations/{invitation.id}
              effect: idempotent
              proof: {status: true}
            remove:
              method: DELETE
              path: /teams/{project}/people/{member.id}
              effect: idempotent
              proof: {status: true}
          manual:
            resend: send it from the page of the team
        """;

    private readonly DefinitionFolder _folder = new();

    [Fact]
    public void A_definition_without_a_fault_makes_a_vendor()
    {
        var (vendor, problems) = _folder.Read(Definition);

        Assert.Empty(problems);
        Assert.Equal(("acme", "Acme"), (vendor!.Type, vendor.Name));
        Assert.True(vendor.Capabilities.Can(ActionKind.Replace));
        Assert.False(vendor.Capabilities.Can(ActionKind.Resend));
        Assert.StartsWith("sha256:", vendor.Description!.Digest, StringComparison.Ordinal);
    }

    [Fact]
    public void Comments_and_quotes_do_not_change_the_digest_and_a_word_does()
    {
        var (vendor, _) = _folder.Read(Definition);
        var (commented, _) = _folder.Read(
            Definition.Replace("  title: Acme", "  # A comment.\n  title: Acme", StringComparison.Ordinal)
        );
        var (changed, _) = _folder.Read(
            Definition.Replace("admin: [owner]", "admin: [reader]", StringComparison.Ordinal)
        );

        Assert.Equal(vendor!.Description!.Digest, commented!.Description!.Digest);
        Assert.NotEqual(vendor.Description.Digest, changed!.Description!.Digest);
    }

    [Fact]
    public void Labels_and_the_order_of_fields_do_not_change_the_digest_and_the_order_of_a_list_does()
    {
        var digest = _folder.Read(Definition).Vendor!.Description!.Digest;
        var lines = Definition.Split('\n').ToList();
        var title = lines.Find(l => l.StartsWith("  title:", StringComparison.Ordinal))!;

        Assert.Equal(digest, DigestOf(string.Join('\n', [.. lines.Where(l => l != title), title])));
        Assert.Equal(digest, DigestOf(With("{name: acme}", "{name: acme, labels: {a: b}}")));
        Assert.NotEqual(digest, DigestOf(With("{name: acme}", "{name: acme-two}")));
        Assert.NotEqual(digest, DigestOf(With("[reader, owner]", "[owner, reader]")));

        string DigestOf(string text) => _folder.Read(text).Vendor!.Description!.Digest;

        string With(string before, string after) => Definition.Replace(before, after, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(WrongDefinitions.Rows), MemberType = typeof(WrongDefinitions))]
    public void A_wrong_definition_is_refused_at_its_line(string right, string wrong, string place, string message)
    {
        Assert.Contains(right, Definition, StringComparison.Ordinal);

        var (vendor, problems) = _folder.Read(Definition.Replace(right, wrong, StringComparison.Ordinal));

        Assert.Null(vendor);
        Assert.Contains(
            problems,
            p =>
                p.Contains($"acme.yaml:{place}", StringComparison.Ordinal)
                && p.Contains(message, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Every_problem_is_told_at_once()
    {
        var (_, problems) = _folder.Read(
            Definition
                .Replace("at: /roles}", "at: roles}", StringComparison.Ordinal)
                .Replace("effect: mails", "effect: sometimes", StringComparison.Ordinal)
                .Replace("{Accept: application/json}", "{Host: evil.example}", StringComparison.Ordinal)
                .Replace("{invitation.id}", "{invitation}", StringComparison.Ordinal)
        );

        Assert.Contains(problems, p => p.Contains("Host", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Contains("JSON pointer", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Contains("effect", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Contains("{invitation}", StringComparison.Ordinal));
    }

    [Fact]
    public void A_definition_without_one_of_its_lines_is_refused_or_read_and_never_crashes()
    {
        var lines = Definition.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var (vendor, problems) = _folder.Read(string.Join('\n', lines.Where((_, number) => number != i)));
            Assert.Equal(vendor is null, problems.Count > 0);
        }
    }

    [Theory]
    [InlineData("by: page, query: [page]", "size: is missing")]
    [InlineData("by: next, query: [cursor]", "next: is missing")]
    [InlineData("by: page, query: [page, per], size: 10", "names several parameters; expected one")]
    [InlineData("by: link, query: [page], next: /next", "means nothing for this kind of paging")]
    [InlineData("by: next, query: [], next: /next", "names no parameter")]
    public void Pages_that_could_not_be_read_are_refused(string paging, string message)
    {
        var (_, problems) = _folder.Read(
            Definition.Replace("items: /people", $"items: /people\n    paging: {{{paging}}}", StringComparison.Ordinal)
        );

        Assert.Contains(problems, p => p.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_definition_takes_the_place_of_a_built_in_vendor_only_where_the_runner_says_so()
    {
        var builtIn = new Vendor("acme", "Acme itself", new([]), new());
        var problems = new Problems();

        Assert.Equal([builtIn], VendorFolder.Read(_folder.Request(Definition), [builtIn], problems));
        Assert.Contains(problems.Sorted, p => p.Message.EndsWith("--override-vendor acme", StringComparison.Ordinal));

        var overridden = _folder.Request(Definition) with { OverriddenVendors = ["acme"] };
        Assert.NotNull(Assert.Single(VendorFolder.Read(overridden, [builtIn], new Problems())).Description);
    }

    [Fact]
    public void A_vendor_that_no_definition_replaces_cannot_be_overridden()
    {
        var problems = new Problems();

        VendorFolder.Read(new([]) { OverriddenVendors = ["acme"] }, [], problems);

        Assert.StartsWith("acme is to be overridden", Assert.Single(problems.Sorted).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_call_destroys_is_a_note_of_its_action_and_so_is_that_of_removing_directly()
    {
        var (vendor, problems) = _folder.Read(
            Definition
                .Replace(
                    "  manual:",
                    """
                      notes: {remove: it takes a minute}
                      manual:
                    """,
                    StringComparison.Ordinal
                )
                .Replace(
                    "    remove:\n",
                    """
                        removeDirect:
                          method: DELETE
                          path: /teams/{project}/direct/{member.id}
                          effect: idempotent
                          destroys: their drafts
                        remove:
                          destroys: their files

                    """,
                    StringComparison.Ordinal
                )
        );

        Assert.Empty(problems);
        Assert.Equal(
            "it takes a minute; this also destroys their files; this also destroys their drafts",
            vendor!.Capabilities.Notes[ActionKind.Remove]
        );
    }

    [Fact]
    public void A_folder_that_holds_something_else_or_nothing_is_refused()
    {
        var (_, problems) = _folder.Read(
            "apiVersion: reconciler.dev/v1alpha1\nkind: Person\nmetadata: {name: ana}\nspec: {email: a@x.example}\n"
        );

        Assert.Contains(
            problems,
            p => p.Contains("expected documents of the kind VendorDefinition only", StringComparison.Ordinal)
        );
    }

    public void Dispose() => _folder.Dispose();
}
