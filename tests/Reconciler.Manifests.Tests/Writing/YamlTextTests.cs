using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Reconciler.Core.Importing;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;
using Reconciler.Manifests.Writing;
using Reconciler.Manifests.Yaml;
using Reconciler.Testing.Contract;

namespace Reconciler.Manifests.Tests.Writing;

/// <summary>What is written reads back as it was, whatever somebody called a group.</summary>
public sealed class YamlTextTests
{
    private static readonly string[] Hostile =
    [
        "",
        " ",
        "yes",
        "No",
        "on",
        "NULL",
        "~",
        "1e3",
        "0x1F",
        "0o7",
        "012",
        "1_000",
        ".inf",
        "2026-11-22",
        "12:30:45",
        "-",
        "- a",
        "-x",
        "--- ",
        "...",
        "? a",
        ": ",
        "a: b",
        "a #b",
        "#",
        "!!str x",
        "!tag",
        "&a",
        "*a",
        "<<",
        "{a: b}",
        "[a, b]",
        ",",
        "a, b",
        "'",
        "\"",
        "it's \"quoted\"",
        "\\",
        "\\n",
        "|",
        ">",
        "%YAML 1.2",
        "@",
        "`",
        "a\nb",
        "a\r\nb",
        "\n",
        "\t",
        "tab\there",
        "\u0000",
        "\u0007",
        "\u001b[31mred",
        "\u007f",
        "\u0085",
        "\u00a0",
        "\u2028",
        "\u2029",
        "\ufeff",
        "\u202egro.elpmaxe",
        "\u200b",
        "😀",
        "👩‍💻",
        "é",
        "名前",
        "🇪🇺",
        "\U000e0041",
        " leading",
        "trailing ",
        "key:",
        ":key",
        "true",
        "0b11",
        "+1",
        "3c90c3cc-0d44-4b50-8888-8dd25736052a",
        "12345678",
    ];

    private static Gen<string> Words =>
        Gen.OneOf(
            Gen.Elements(Hostile),
            ArbMap.Default.GeneratorFor<string>().Select(s => Whole(s ?? "")),
            Gen.Elements(Hostile).SelectMany(_ => Gen.Elements(Hostile), (a, b) => a + b)
        );

    public static TheoryData<string> HostileWords => [.. Hostile];

    [Property(MaxTest = 3_000)]
    public Property Any_text_in_any_place_of_flow_style_reads_back_as_the_same_text() =>
        Prop.ForAll(Words.Two().ToArbitrary(), pair => AssertReadsBack(pair.Item1, pair.Item2));

    [Theory]
    [MemberData(nameof(HostileWords))]
    public void A_hostile_text_reads_back_as_the_same_text(string text) => AssertReadsBack(text, text);

    [Property(MaxTest = 500)]
    public Property Groups_of_any_name_survive_writing_and_reading_a_manifest() =>
        Prop.ForAll(
            Words.NonEmptyListOf().ToArbitrary(),
            words =>
            {
                var names = words.Where(w => w.Length > 0).Distinct(StringComparer.Ordinal).ToList();
                var vendor = ProgramVendors.Of("gorules");
                var access = Access.Of(
                    names.Select(n => vendor.Access.Grant("groups", n)).Append(vendor.Access.Grant("owner", "true"))
                );
                var manifest = Read(
                    Draft(
                        vendor,
                        new(
                            "fraud",
                            new("3c90c3cc-0d44-4b50-8888-8dd25736052a", words[0]),
                            [new("email", "ana@example.com", access)]
                        )
                    )
                );
                var read = vendor.Access.Read(Assert.Single(manifest.Spec.Members!).Access!, new Problems());
                Assert.Equal(access, read!.Grants);
            }
        );

    [Fact]
    public void Addresses_names_of_projects_and_reasons_cannot_leave_their_line()
    {
        var vendor = ProgramVendors.Of("clarifeye");
        var access = Access.Of([vendor.Access.Grant("permissions", "CAN_VIEW_DATA")]);
        var project = new ProjectDraft(
            "fraud",
            new("3c90c3cc-0d44-4b50-8888-8dd25736052a", "Fraud\nspec: {prune: all}\u2028x: y"),
            [new("email", "it's#a=b!'&x@example.com", access), new("email", "yes@example.com", access)]
        )
        {
            LeftOut = [new("eve\n- {email: eve@example.com}", "has\r\nno access")],
        };
        var manifest = Read(Draft(vendor, project));
        Assert.Equal(PrunePolicy.Never, manifest.Spec.Prune);
        Assert.Equal(
            ["it's#a=b!'&x@example.com", "yes@example.com"],
            manifest.Spec.Members!.Select(m => m.Email!.Text)
        );
    }

    [Fact]
    public void A_connection_of_another_namespace_gets_its_projects_there()
    {
        var vendor = ProgramVendors.Of("clarifeye");
        var manifest = Read(Draft(vendor, new("fraud", new("3c90c3cc-0d44-4b50-8888-8dd25736052a", null), []), "eu"));
        Assert.Equal("eu/fraud", manifest.Id);
        Assert.Empty(manifest.Spec.Members!);
    }

    private static void AssertReadsBack(string left, string right)
    {
        var text =
            $"- {{{YamlText.Scalar(left)}: [{YamlText.Scalar(right)}, x]}}  # {YamlText.Comment(left)}\n- {YamlText.Scalar(right)}\n";
        var (problems, documents) = (new Problems(), new List<Node>());
        Assert.True(
            YamlTreeReader.Read("a.yaml", text, problems, documents),
            $"{text}\n{string.Join('\n', problems.Sorted)}"
        );
        var list = Assert.IsType<SequenceNode>(Assert.Single(documents));
        var entry = Assert.Single(Assert.IsType<MappingNode>(list.Items[0]).Entries);
        Assert.Equal(left, entry.Key.Text);
        foreach (var node in new[] { ((SequenceNode)entry.Value).Items[0], list.Items[1] })
        {
            var scalar = Assert.IsType<ScalarNode>(node);
            Assert.Equal((right, ScalarKind.Text), (scalar.Text, scalar.Kind));
        }
    }

    // Halves of pairs are no text: JSON refuses them before they get here.
    private static string Whole(string text) =>
        string.Concat(text.EnumerateRunes().Where(r => r != Rune.ReplacementChar));

    private static string Draft(Vendor vendor, ProjectDraft project, string space = "default")
    {
        var spec = new AccessProviderSpec
        {
            Type = vendor.Type,
            BaseUrl = "https://vendor.example",
            Credentials = new() { Token = new() { Env = "RECONCILER_T" } },
        };
        return new ManifestText(
            new(new($"{space}/acme", vendor, new("https://vendor.example"), spec), [project])
        ).Project(project);
    }

    private static ProjectMembership Read(string text)
    {
        var (set, problems) = (new ManifestSet(), new Problems());
        ManifestReader.ReadText("fraud.yaml", text, set, problems);
        Assert.True(!problems.HasErrors, $"{text}\n{string.Join('\n', problems.Sorted)}");
        return Assert.Single(set.All<ProjectMembership>());
    }
}
