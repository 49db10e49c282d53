using System.Xml.Linq;
using Reconciler.Testing;

namespace Reconciler.Tests.Architecture;

/// <summary>
/// What the projects may reference. The compiler holds the rest: without a reference, and without internal types shown
/// to others, nothing else can be used.
/// </summary>
public sealed class ProjectTests
{
    // The picture of ARCHITECTURE.md, from the bottom to the top.
    private static readonly Dictionary<string, string> Allowed = new(StringComparer.Ordinal)
    {
        ["Core"] = "",
        ["Generators"] = "",
        ["Kubernetes"] = "",
        ["Sandbox"] = "Core",
        ["Engine"] = "Core",
        ["Manifests"] = "Core",
        ["State"] = "Core",
        ["Providers"] = "Core",
        ["Sources"] = "Core Manifests",
        ["Reports"] = "Core Engine",
        ["Hosting"] = "Core Engine Manifests Providers Reports",
        ["Worker"] = "Core Engine Hosting Manifests Providers Reports Sources State",
        ["Operator"] = "Core Engine Hosting Kubernetes Manifests Providers Reports",
        [""] = "Core Engine Hosting Kubernetes Manifests Operator Providers Reports Sandbox Sources State Worker",
    };

    private static readonly Dictionary<string, string> AllowedPackages = new(StringComparer.Ordinal)
    {
        ["Core"] = "",
        ["Generators"] = "Microsoft.CodeAnalysis.CSharp",
        ["Engine"] = "",
        ["Reports"] = "",
        ["Manifests"] = "Microsoft.Extensions.FileSystemGlobbing YamlDotNet",
        ["Sources"] = "CliWrap",
        ["State"] = "Microsoft.Data.Sqlite Npgsql SQLitePCLRaw.bundle_e_sqlite3",
        ["Providers"] = "Flurl.Http Polly.Core",
        ["Kubernetes"] = "KubernetesClient.Aot YamlDotNet",
        ["Sandbox"] = "YamlDotNet",
        ["Hosting"] = "OpenTelemetry OpenTelemetry.Exporter.OpenTelemetryProtocol",
        ["Worker"] = "RazorSlices",
        ["Operator"] = "",
        [""] = "System.CommandLine",
    };

    public static TheoryData<string> Names => [.. ProjectFiles.Products.Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_project_references_exactly_its_line_of_the_picture(string name)
    {
        var project = Find(name);
        Assert.Equal(
            Allowed[Short(name)],
            string.Join(' ', project.Projects.Select(Short).Order(StringComparer.Ordinal))
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_project_uses_its_packages_and_no_other(string name) =>
        Assert.Equal(AllowedPackages[Short(name)], string.Join(' ', Find(name).Packages.Order(StringComparer.Ordinal)));

    [Fact]
    public void No_projects_reference_each_other_in_a_circle()
    {
        var references = ProjectFiles.Products.ToDictionary(p => p.Name, p => p.Projects, StringComparer.Ordinal);
        var components = StrongComponents.Of(references.Keys, name => references[name]);
        Assert.Equal([], components.Where(c => c.Count > 1).Select(c => string.Join(", ", c)));
    }

    [Fact]
    public void Only_the_command_line_sees_the_worker_and_the_operator()
    {
        var users = ProjectFiles.Products.Where(p =>
            p.Projects.Contains("Reconciler.Worker") || p.Projects.Contains("Reconciler.Operator")
        );
        Assert.Equal(["Reconciler"], users.Select(p => p.Name));
    }

    [Fact]
    public void A_project_shows_its_internal_types_to_its_own_tests_only()
    {
        Assert.Equal([], ProjectFiles.Products.SelectMany(p => p.Friends));
        var shared = XDocument.Load(Repository.At("src/Directory.Build.props"));
        Assert.Equal(
            ["$(MSBuildProjectName).Tests"],
            shared.Descendants("InternalsVisibleTo").Select(e => (string)e.Attribute("Include")!)
        );
    }

    [Fact]
    public void The_picture_of_the_architecture_names_every_project_with_its_references()
    {
        var lines = File.ReadAllLines(Repository.At("ARCHITECTURE.md"));
        foreach (var project in ProjectFiles.Products)
        {
            var row = Assert.Single(lines, l => l.StartsWith($"| [`src/{project.Name}`]", StringComparison.Ordinal));
            var references = row.Split('|')[3].Trim();
            Assert.Equal(Allowed[Short(project.Name)], references is "nothing" ? "" : references.Replace(", ", " "));
        }
    }

    private static ProjectFile Find(string name) => ProjectFiles.Products.Single(p => p.Name == name);

    private static string Short(string name) => name == "Reconciler" ? "" : name["Reconciler.".Length..];
}
