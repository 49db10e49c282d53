using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Manifests.Loading;
using Reconciler.Testing.Sources;

namespace Reconciler.Manifests.Tests.Describing;

/// <summary>A wrong VendorDefinition is refused as a whole, with the place of every problem.</summary>
public sealed class VendorDefinitionTests : IDisposable
{
    private const string Definition = """
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

    private static readonly string Ending = Definition
        .Replace(
            "  members:\n",
            "    - {name: ends, form: end, description: The last day., inclusive: true, zone: \"-03:30\"}\n  members:\n",
            StringComparison.Ordinal
        )
        .Replace("{at: /roles}}", "{at: /roles}, ends: {at: /ends}}", StringComparison.Ordinal)
        .Replace("\"{access.roles}\"", "\"{access.roles}\", ends: \"{access.ends}\"", StringComparison.Ordinal);

    private static readonly string Reading = Definition.Replace(
        "body: {roles: \"{access.roles}\"}",
        "reads: {path: \"/teams/{project}/people/{member.id}\", values: {teams: /teams}}\n"
            + "      body: {roles: \"{access.roles}\", teams: \"{read.teams}\"}",
        StringComparison.Ordinal
    );

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
    public void An_end_is_sent_and_read_and_no_word_of_manifests()
    {
        var (vendor, problems) = _folder.Read(Ending);

        Assert.Empty(problems);
        Assert.Equal(new AccessEnd("ends", IsInclusive: true, new(-3, -30, 0)), vendor!.Access.End);
        Assert.Equal("roles", Assert.Single(vendor.Access.Fields).Name);
    }

    [Theory]
    [InlineData(", inclusive: true", "", "is missing; expected it for an end")]
    [InlineData(", zone: \"-03:30\"", "", "is missing; expected it for an end")]
    [InlineData("\"-03:30\"", "\"+14:30\"", "expected an offset from UTC between -12:00 and +14:00")]
    [InlineData("\"-03:30\"", "Europe/Berlin", "expected an offset from UTC between -12:00 and +14:00")]
    [InlineData("inclusive: true", "inclusive: true, known: [x]", "means nothing for an end")]
    [InlineData("inclusive: true", "inclusive: true, required: true", "means nothing for an end")]
    [InlineData("admin: [owner]", "admin: [owner]\n      zone: \"+01:00\"", "belongs to the form end")]
    [InlineData("admin: [owner]", "admin: [owner]\n      inclusive: true", "belongs to the form end")]
    [InlineData(", ends: {at: /ends}}\n  inv", "}\n  inv", "says nothing of ends, so nobody could know who has it")]
    [InlineData(", ends: \"{access.ends}\"}\n    upd", "}\n    upd", "does not send ends")]
    [InlineData(", ends: \"{access.ends}\"}\n    rev", "}\n    rev", "does not send ends")]
    [InlineData("{access.ends}\"}\n    rev", "{access.ends?}\"}\n    rev", "would keep what is to be taken away")]
    [InlineData(
        "  members:\n",
        "    - {name: until, form: end, description: Twice., inclusive: true, zone: \"+00:00\"}\n  members:\n",
        "is a second end"
    )]
    [InlineData(
        "    access: {roles: {at: /roles}, ends: {at: /ends}}\n  inv",
        "    parts: [{access: {roles: owner}, query: {role: owner}}]\n  inv",
        "is an end, which members.parts cannot read"
    )]
    [InlineData(
        "      form: words\n      description: What the person may do.\n      known: [reader, owner]\n      admin: [owner]",
        "      form: words\n      description: What the person is called.\n      descriptive: true",
        "has no field that gives access"
    )]
    public void An_end_that_could_not_be_told_or_known_is_refused(string right, string wrong, string message) =>
        _folder.Refuses(Ending, right, wrong, message);

    [Theory]
    [InlineData("{read.teams}", "{access.roles}", "is read and not sent back; expected {read.teams} in the body")]
    [InlineData("{read.teams}", "{read.team}", "did you mean \"read.teams\"?")]
    [InlineData("{read.teams}", "x{read.teams}", "expected it alone, since its value is no text")]
    [InlineData(
        "values: {teams: /teams}",
        "values: {teams: teams}",
        "values.teams: is \"teams\"; expected a JSON pointer"
    )]
    [InlineData("values: {teams: /teams}", "values: {}", "names nothing; expected at least one value")]
    [InlineData("people/{member.id}\", values", "people/{membr.id}\", values", "did you mean \"member.id\"?")]
    [InlineData(
        "  remove:\n",
        "  remove:\n      reads: {path: /x, values: {a: /a}}\n",
        "means nothing here; only update"
    )]
    [InlineData("/people/{member.id}\", values", "/people\", values", "names nobody, so that everybody would be sent")]
    public void A_call_that_would_lose_what_it_reads_is_refused(string right, string wrong, string message) =>
        _folder.Refuses(Reading, right, wrong, message);

    [Fact]
    public void A_call_may_read_what_it_sends_back() => Assert.Empty(_folder.Read(Reading).Problems);

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
