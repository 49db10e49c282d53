using Reconciler.Testing;

namespace Reconciler.Tests.Architecture;

/// <summary>How the folders of a project use each other.</summary>
public sealed class FolderTests
{
    private static readonly string[] Vendors = ["ConfidentAi", "EquinixMetal", "GoRules"];

    public static TheoryData<string> Projects => [.. ProjectFiles.Products.Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void The_folders_of_a_project_use_each_other_in_no_circle(string name)
    {
        var project = ProjectFiles.Products.Single(p => p.Name == name);
        Assert.Equal([], FolderGraph.Read(project.Folder, name).Circles());
    }

    [Theory]
    [InlineData("namespace A; class One { B.Two? Two; }", "namespace B; class Two { A.One? One; }")]
    [InlineData("using B; namespace A; class One { void Run() => 1.Twice(); }", TwoWithExtension)]
    [InlineData("using T = B.Two; namespace A; class One { T? Two; }", "namespace B; class Two { A.One? One; }")]
    public void A_circle_of_two_folders_is_found(string one, string two)
    {
        var graph = FolderGraph.Of([("A/One.cs", one), ("B/Two.cs", two)], "Sample");
        Assert.StartsWith("A → B (One.cs: Two); B → A", Assert.Single(graph.Circles()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_and_the_folder_inside_it_are_no_circle()
    {
        var one = ("A/One.cs", "namespace A; class One { A.B.Two? Two; }");
        var two = ("A/B/Two.cs", "namespace A.B; class Two { A.One? One; }");
        Assert.Empty(FolderGraph.Of([one, two], "Sample").Circles());
    }

    [Fact]
    public void A_vendor_uses_no_other_vendor()
    {
        foreach (var project in new[] { "Reconciler.Providers", "Reconciler.Sandbox" })
        {
            var graph = FolderGraph.Read(Repository.At($"src/{project}"), project);
            Assert.Equal([], Vendors.SelectMany(v => graph.UsesOf(v)).Where(u => Vendors.Contains(u.To)));
            Assert.Equal([], graph.UsesOf("Http").Where(u => Vendors.Contains(u.To)));
        }
    }

    // An imitation that shares the code that it tests proves nothing. Only what a definition says is read by Core.
    [Fact]
    public void Only_described_imitations_of_the_sandbox_know_the_core()
    {
        const string Core = "Reconciler.Core";
        var root = Repository.At("src/Reconciler.Sandbox");
        var graph = FolderGraph.Read(root, "Reconciler.Sandbox");
        var folders = ProjectFiles
            .Sources(root)
            .Select(f => Path.GetRelativePath(root, Path.GetDirectoryName(f)!).Split('/')[0])
            .Distinct()
            .ToList();
        Assert.Contains("Described", folders);
        Assert.Contains(graph.TypesUsedIn("Described"), t => IsBelow(t.Type, Core));
        Assert.Equal(
            [],
            folders
                .Where(f => f != "Described")
                .SelectMany(f => graph.TypesUsedIn(f == "." ? "" : f))
                .Where(t => !t.Folder.StartsWith("Described", StringComparison.Ordinal) && IsBelow(t.Type, Core))
        );
        Assert.Equal([], Vendors.SelectMany(v => graph.UsesOf(v)).Where(u => u.To == "Described"));
    }

    // Pages show what the status says: whoever reads or writes for them is the reconcile loop.
    private static readonly string[] NotForPages =
    [
        "Reconciler.Engine.Applying.Applier",
        "Reconciler.Engine.Planning.PlanRun",
        "Reconciler.Hosting.Reconciling.AccountReconciler",
        "Reconciler.Providers.Connections",
        "Reconciler.State",
        "Reconciler.Sources",
        "System.IO.File",
        "System.IO.FileStream",
        "System.Diagnostics.Process",
    ];

    [Theory]
    [InlineData("Reconciler.Worker")]
    [InlineData("Reconciler.Hosting")]
    public void Pages_read_and_write_nothing_themselves(string project)
    {
        var graph = FolderGraph.Read(Repository.At($"src/{project}"), project);
        Assert.Equal([], graph.TypesUsedIn("Web").Where(t => NotForPages.Any(n => IsBelow(t.Type, n))));
    }

    [Theory]
    [InlineData(
        "using Reconciler.Engine.Applying; class Page { Applier? Applier; }",
        "Reconciler.Engine.Applying.Applier"
    )]
    [InlineData("class Page { string Text() => System.IO.File.ReadAllText(\"a\"); }", "System.IO.File")]
    public void A_page_that_applies_or_reads_a_file_is_found(string text, string type)
    {
        var graph = FolderGraph.Of([("Web/Page.cs", text)], "Sample");
        Assert.Contains(graph.TypesUsedIn("Web"), t => t.Type == type && NotForPages.Any(n => IsBelow(type, n)));
    }

    private static bool IsBelow(string type, string name) =>
        type == name || type.StartsWith(name + ".", StringComparison.Ordinal);

    [Fact]
    public void A_vendor_has_its_four_files_under_their_usual_names()
    {
        foreach (var vendor in Vendors)
        {
            var files = Directory.GetFiles(Repository.At($"src/Reconciler.Providers/{vendor}"), "*.cs");
            string[] expected =
            [
                $"{vendor}Access.cs",
                $"{vendor}Api.cs",
                $"{vendor}Mapping.cs",
                $"{vendor}Provider.cs",
            ];
            Assert.Equal([], expected.Except(files.Select(f => Path.GetFileName(f))));
        }
    }

    private const string TwoWithExtension =
        "namespace B; static class Two { public static int Twice(this int n) => n; static A.One? One; }";
}
