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

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_definition_without_a_fault_makes_a_vendor()
    {
        var (vendor, problems) = Read(Definition);

        Assert.Empty(problems);
        Assert.Equal(("acme", "Acme"), (vendor!.Type, vendor.Name));
        Assert.True(vendor.Capabilities.Can(ActionKind.Replace));
        Assert.False(vendor.Capabilities.Can(ActionKind.Resend));
        Assert.StartsWith("sha256:", vendor.Description!.Digest, StringComparison.Ordinal);
    }

    [Fact]
    public void Comments_and_quotes_do_not_change_the_digest_and_a_word_does()
    {
        var (vendor, _) = Read(Definition);
        var (commented, _) = Read(
            Definition.Replace("  title: Acme", "  # A comment.\n  title: Acme", StringComparison.Ordinal)
        );
        var (changed, _) = Read(Definition.Replace("admin: [owner]", "admin: [reader]", StringComparison.Ordinal));

        Assert.Equal(vendor!.Description!.Digest, commented!.Description!.Digest);
        Assert.NotEqual(vendor.Description.Digest, changed!.Description!.Digest);
    }

    [Theory]
    [InlineData(
        "at: /roles}",
        "at: roles}",
        "19:26",
        "spec.members.access.roles.at: is \"roles\"; expected a JSON pointer"
    )]
    [InlineData("items: /people", "items: /people\n    itms: /x", "17:5", "unknown field; expected")]
    [InlineData(
        "{member.id}\n      effect: idempotent\n      body",
        "{membr.id}\n      effect: idempotent\n      body",
        "",
        "{membr.id}, which has no value here; expected {project}, {member.id}, {email}; did you mean \"member.id\"?"
    )]
    [InlineData(
        "\"{access.roles}\"}\n    update",
        "\"{access.role}\"}\n    update",
        "",
        "{access.role}, which has no value here"
    )]
    [InlineData("      effect: mails\n", "", "", "spec.calls.invite.effect: is missing")]
    [InlineData(
        "effect: mails",
        "effect: idempotent",
        "",
        "is not mails; expected mails, since invite, replace and resend count as mails"
    )]
    [InlineData(
        "path: /teams/{project}/people\n",
        "path: /teams/../admin/{project}\n",
        "15:",
        "has the segment \"..\""
    )]
    [InlineData(
        "path: /teams/{project}/people\n",
        "path: https://evil.example/{project}\n",
        "15:",
        "expected a path that begins with /"
    )]
    [InlineData("path: /teams/{project}/people\n", "path: /teams/{project}/people?x=1\n", "15:", "any of \\ % ? #")]
    [InlineData(
        "path: /teams/{project}/people\n",
        "path: /people\n",
        "15:",
        "has no {project}, so that all projects would have the same people"
    )]
    [InlineData("path: /teams/{project}/people\n", "path: /teams/{project/people\n", "15:", "has an open brace")]
    [InlineData(
        "{Accept: application/json}",
        "{Host: evil.example}",
        "7:13",
        "is a header that a definition cannot set"
    )]
    [InlineData(
        "{Accept: application/json}",
        "{content-type: text/html}",
        "7:13",
        "is a header that a definition cannot set"
    )]
    [InlineData(
        "{Accept: application/json}",
        "{X-Forwarded-For: a}",
        "7:13",
        "is a header that a definition cannot set"
    )]
    [InlineData(
        "{Accept: application/json}",
        "{authorization: Basic abc}",
        "7:13",
        "may hold a token; expected it in spec.token"
    )]
    [InlineData("header: Authorization", "header: Cookie", "6:", "which cannot carry a token")]
    [InlineData(
        "admin: [owner]",
        "admin: [ownr]",
        "13:",
        "which is not among the known words; expected one of reader, owner; did you mean \"owner\"?"
    )]
    [InlineData("access: {roles: {at: /roles}}", "access: {role: {at: /roles}}", "19:", "is no field of spec.access")]
    [InlineData(
        "  manual:\n    resend: send it from the page of the team",
        "",
        "",
        "spec.calls.resend: is missing; expected the call, or spec.manual.resend"
    )]
    [InlineData(
        "    resend: send",
        "    remove: by hand\n    resend: send",
        "",
        "says what a human does, and spec.calls has remove"
    )]
    [InlineData(
        "    resend: send",
        "    remind: send",
        "",
        "is no action; expected invite, update, replace, resend, revoke, remove"
    )]
    [InlineData(
        "path: /teams/{project}/people/{member.id}\n      effect: idempotent\n      proof",
        "path: /teams/{project}/people\n      effect: idempotent\n      proof",
        "",
        "names nobody, so that it could change everybody"
    )]
    [InlineData(
        "roles: \"{access.roles}\"}\n    update",
        "roles: [reader]}\n    update",
        "",
        "does not send roles, so that it could be declared and would never be given"
    )]
    [InlineData(
        "      known: [reader, owner]\n",
        "      known: [reader, owner]\n      names: groups\n",
        "",
        "expected a list below spec.names"
    )]
    [InlineData(
        "title: Acme",
        "title: Acme\n  urls: [\"http://acme.example\"]",
        "",
        "expected a URL that begins with https://"
    )]
    [InlineData(
        "admin: [owner]",
        "admin: [owner]\n      sent: {reader: r, owner: r}",
        "",
        "sends \"r\" for owner and reader; expected received"
    )]
    [InlineData(
        "admin: [owner]",
        "admin: [owner]\n      received: {r: readr}",
        "",
        "is no known word; expected one of reader, owner; did you mean \"reader\"?"
    )]
    [InlineData(
        "admin: [owner]",
        "admin: [owner]\n      sent: {reader: r}\n      received: {r: owner}",
        "",
        "does not read \"r\" as reader"
    )]
    [InlineData(
        "admin: [owner]",
        "admin: [owner]\n      sent: {reader: \"1\"}\n      numbers: true",
        "",
        "not every word has a number"
    )]
    [InlineData(
        "admin: [owner]",
        "admin: [owner]\n      notManagedWhenAbsent: true",
        "",
        "which would empty a field that is not managed when it is absent; expected {access.roles?}"
    )]
    [InlineData(
        "\"{access.roles}\"}\n    update",
        "\"{access.roles?}\"}\n    update",
        "",
        "which would keep what is to be taken away; expected {access.roles}"
    )]
    [InlineData(
        "\"{access.roles}\"}\n    update",
        "[\"{access.roles}\"]}\n    update",
        "",
        "is the list {access.roles} within a list"
    )]
    [InlineData(
        "\"{access.roles}\"}\n    update",
        "\"r:{access.roles}\"}\n    update",
        "",
        "among other text; expected it alone"
    )]
    [InlineData(
        "access: {roles: {at: /roles}}",
        "access: {roles: {at: /roles, inherited: {at: /from, present: true}}}",
        "",
        "spec.calls.removeDirect: is missing"
    )]
    [InlineData(
        "{invitation.id}\n      effect: idempotent\n      proof: {status: true}",
        "{invitation.id}\n      effect: idempotent\n      proof: {status: false}",
        "",
        "is false, and proves nothing"
    )]
    [InlineData(
        "{invitation.id}\n      effect: idempotent\n      proof: {status: true}",
        "{invitation.id}\n      effect: idempotent\n      proof: {status: true, id: /id}",
        "",
        "is proof by itself"
    )]
    [InlineData(
        "{invitation.id}\n      effect: idempotent\n      proof: {status: true}",
        "{invitation.id}\n      effect: idempotent\n      proof: {where: []}",
        "",
        "is empty, and proves nothing"
    )]
    [InlineData(
        "{invitation.id}\n      effect: idempotent\n      proof: {status: true}",
        "{invitation.id}\n      effect: idempotent\n      proof: {where: [{at: /ok, not: [\"false\"]}]}",
        "",
        "proves nothing where the value is absent"
    )]
    [InlineData(
        "{invitation.id}\n      effect: idempotent\n      proof: {status: true}",
        "{invitation.id}\n      effect: idempotent\n      proof: {access: {roles: {at: /roles}}}",
        "",
        "means nothing for revoke, which gives none"
    )]
    [InlineData(
        "roles: \"{access.roles}\"}\n    update",
        "roles: \"{access.roles}\"}\n      proof: {id: /id}\n    update",
        "",
        "means nothing for invite"
    )]
    [InlineData(
        "{mail: \"{email}\", roles: \"{access.roles}\"}\n    update",
        "{mails: \"{emails}\", roles: \"{access.roles}\"}\n      batch: 20\n      proof: {status: true}\n    update",
        "",
        "does not tell one person of a batch from another"
    )]
    [InlineData(
        "path: /teams/{project}/people/{member.id}\n      effect: idempotent\n      proof",
        "path: /users/{email}\n      effect: idempotent\n      proof",
        "",
        "names neither the project nor a membership"
    )]
    [InlineData(
        "items: /people",
        "items: /people\n    query: {page: \"3\"}\n    paging: {by: page, query: [page], size: 10}",
        "",
        "is a parameter of paging as well"
    )]
    [InlineData(
        "items: /people",
        "items: /people\n    where: [{at: /kind, is: []}]",
        "",
        "names no value; expected at least one"
    )]
    [InlineData("  members:\n", "  whoAmI: {path: /me, seesAll: []}\n  members:\n", "", "is empty, and proves nothing")]
    [InlineData(
        "{Accept: application/json}",
        "{X-Original-URL: /admin}",
        "7:13",
        "is a header that a definition cannot set"
    )]
    [InlineData(
        "{Accept: application/json}",
        "{X-HTTP-Method-Override: DELETE}",
        "7:13",
        "is a header that a definition cannot set"
    )]
    [InlineData("{Accept: application/json}", "{X-A: ä}", "", "has characters that no header can")]
    [InlineData(
        "    createdAt: /at",
        "    createdAt: /at\n    access: {}",
        "",
        "spec.invitations.access: says nothing of roles"
    )]
    [InlineData(
        "{mail: \"{email}\", roles",
        "{mail: {email}, roles",
        "",
        "expected quotes around a placeholder: \"{email}\""
    )]
    public void A_wrong_definition_is_refused_at_its_line(string right, string wrong, string place, string message)
    {
        Assert.Contains(right, Definition, StringComparison.Ordinal);

        var (vendor, problems) = Read(Definition.Replace(right, wrong, StringComparison.Ordinal));

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
        var (_, problems) = Read(
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
            var (vendor, problems) = Read(string.Join('\n', lines.Where((_, number) => number != i)));
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
        var (_, problems) = Read(
            Definition.Replace("items: /people", $"items: /people\n    paging: {{{paging}}}", StringComparison.Ordinal)
        );

        Assert.Contains(problems, p => p.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_definition_takes_the_place_of_a_built_in_vendor_only_where_the_runner_says_so()
    {
        var builtIn = new Vendor("acme", "Acme itself", new([]), new());
        var problems = new Problems();

        Assert.Equal([builtIn], VendorFolder.Read(Request(Definition), [builtIn], problems));
        Assert.Contains(problems.Sorted, p => p.Message.EndsWith("--override-vendor acme", StringComparison.Ordinal));

        var overridden = Request(Definition) with { OverriddenVendors = ["acme"] };
        Assert.NotNull(Assert.Single(VendorFolder.Read(overridden, [builtIn], new Problems())).Description);
    }

    [Fact]
    public void A_folder_that_holds_something_else_or_nothing_is_refused()
    {
        var problems = new Problems();
        VendorFolder.Read(
            Request(
                "apiVersion: reconciler.dev/v1alpha1\nkind: Person\nmetadata: {name: ana}\nspec: {email: a@x.example}\n"
            ),
            [],
            problems
        );

        Assert.Contains(
            problems.Sorted,
            p => p.Message.Contains("expected documents of the kind VendorDefinition only", StringComparison.Ordinal)
        );
    }

    public void Dispose() => _folder.Dispose();

    private (Vendor? Vendor, IReadOnlyList<string> Problems) Read(string text)
    {
        var problems = new Problems();
        var vendors = VendorFolder.Read(Request(text), [], problems);
        return (vendors.IsEmpty ? null : vendors[0], [.. problems.Sorted.Select(p => p.ToString())]);
    }

    private ManifestRequest Request(string text)
    {
        File.WriteAllText(_folder["acme.yaml"], text);
        return new([]) { Vendors = "acme.yaml", Folder = _folder.Path };
    }
}
