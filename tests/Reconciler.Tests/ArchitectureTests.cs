using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Reconciler.Tests;

/// <summary>Which part may use which, read from the project files and the sources themselves.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string[] Vendors = ["Clarifeye", "ConfidentAi", "EquinixMetal", "GoRules"];

    private static string Root { get; } = FindRoot();

    [Theory]
    [InlineData("Reconciler.Core", "", "")]
    [InlineData("Reconciler.Kubernetes", "", "KubernetesClient.Aot YamlDotNet")]
    [InlineData("Reconciler.Sandbox", "", "YamlDotNet")]
    [InlineData("Reconciler.Providers", "Reconciler.Core", "Flurl.Http Polly.Core")]
    public void A_project_references_nothing_beyond_its_line_of_the_table(
        string project,
        string projects,
        string packages
    )
    {
        var xml = XDocument.Load(Path.Combine(Root, "src", project, $"{project}.csproj"));
        Assert.Empty(
            Includes(xml, "ProjectReference")
                .Select(p => Path.GetFileNameWithoutExtension(p))
                .Except(projects.Split(' '))
        );
        Assert.Empty(Includes(xml, "PackageReference").Except(packages.Split(' ')));
    }

    [Fact]
    public void Core_does_no_IO_and_knows_no_other_part() =>
        Uses(
            "src/Reconciler.Core",
            Forbid(
                "System.Net",
                "System.IO.File",
                "Flurl",
                "Polly",
                "YamlDotNet",
                "Newtonsoft",
                "Microsoft.Extensions"
            ),
            Ours("Core")
        );

    [Theory]
    [InlineData("Reconciler.Kubernetes")]
    [InlineData("Reconciler.Sandbox")]
    public void Kubernetes_and_the_sandbox_know_nothing_of_this_repository(string project) =>
        Uses($"src/{project}", Forbid(), Ours(project["Reconciler.".Length..]));

    [Fact]
    public void A_vendor_uses_the_core_and_http_and_no_other_vendor()
    {
        foreach (var vendor in Vendors)
        {
            Uses(
                $"src/Reconciler.Providers/{vendor}",
                Forbid(["YamlDotNet", .. Vendors.Where(v => v != vendor).Select(v => $"Providers.{v}")]),
                Ours("Core", "Providers")
            );
        }

        Uses(
            "src/Reconciler.Providers/Http",
            Forbid(["YamlDotNet", .. Vendors.Select(v => $"Providers.{v}")]),
            Ours("Core", "Providers")
        );
    }

    [Fact]
    public void The_engine_uses_the_core_alone() =>
        Uses(
            "src/Reconciler/Engine",
            Forbid("YamlDotNet", "Flurl", "Polly", "Newtonsoft", "System.Net", "Microsoft.AspNetCore"),
            Ours("Core", "Engine")
        );

    [Fact]
    public void The_state_uses_the_core_alone_and_nothing_else_uses_its_database()
    {
        Uses(
            "src/Reconciler/State",
            Forbid(
                "YamlDotNet",
                "Flurl",
                "Polly",
                "Newtonsoft",
                "System.Net",
                "Microsoft.AspNetCore",
                "System.CommandLine"
            ),
            Ours("Core", "State")
        );
        foreach (var folder in new[] { "Engine", "Sources", "Reports", "Hosts" })
            Uses(
                $"src/Reconciler/{folder}",
                Forbid("Microsoft.Data.Sqlite"),
                Ours(
                    "Core",
                    "Engine",
                    "Sources",
                    "State",
                    "Reports",
                    "Telemetry",
                    "Hosts",
                    "Providers",
                    "Sandbox",
                    "Kubernetes"
                )
            );
    }

    [Fact]
    public void Telemetry_counts_what_others_tell_it_and_nothing_else_uses_its_packages()
    {
        Uses(
            "src/Reconciler/Telemetry",
            Forbid(
                "YamlDotNet",
                "Flurl",
                "Polly",
                "System.Net",
                "Microsoft.AspNetCore",
                "System.CommandLine",
                "Microsoft.Data.Sqlite"
            ),
            Ours("Core", "Engine", "Providers", "Telemetry")
        );
        foreach (var folder in new[] { "Engine", "Sources", "Reports", "Hosts", "State" })
            Uses(
                $"src/Reconciler/{folder}",
                Forbid("OpenTelemetry"),
                Ours(
                    "Core",
                    "Engine",
                    "Sources",
                    "State",
                    "Reports",
                    "Telemetry",
                    "Hosts",
                    "Providers",
                    "Sandbox",
                    "Kubernetes"
                )
            );
        foreach (var folder in new[] { "Sources", "Reports" })
            Uses(
                $"src/Reconciler/{folder}",
                Forbid(),
                Ours("Core", "Engine", "Sources", "State", "Reports", "Hosts", "Providers", "Sandbox", "Kubernetes")
            );
    }

    [Theory]
    [InlineData(
        "Passes",
        "Hosts.Worker",
        "Hosts.Operator",
        "Hosts.Web",
        "Worker.Web",
        "Worker.Settings",
        "Operator.Status"
    )]
    [InlineData("Web", "Hosts.Worker", "Hosts.Operator", "Worker.Web", "Worker.Settings", "Operator.Status")]
    [InlineData("Worker", "Hosts.Operator", "Operator.Status")]
    public void What_worker_and_operator_share_knows_neither_and_the_worker_not_the_operator(
        string folder,
        params string[] others
    ) =>
        Uses(
            $"src/Reconciler/Hosts/{folder}",
            others,
            Ours(
                "Core",
                "Engine",
                "Sources",
                "State",
                "Reports",
                "Telemetry",
                "Hosts",
                "Providers",
                "Sandbox",
                "Kubernetes"
            )
        );

    [Fact]
    public void No_source_file_is_longer_than_300_lines() =>
        Assert.Equal(
            [],
            Sources("src")
                .Where(f =>
                    File.ReadLines(f).Count() >= 300
                    && !File.ReadLines(f).First().Contains("<auto-generated>", StringComparison.Ordinal)
                )
                .Select(f => Path.GetRelativePath(Root, f))
        );

    [Fact]
    public void A_vendor_is_a_folder_of_four_files()
    {
        foreach (
            var folder in Vendors.Select(v => Path.Combine(Root, "src/Reconciler.Providers", v)).Where(Directory.Exists)
        )
        {
            var files = Directory
                .GetFiles(folder, "*.cs")
                .Select(f => Path.GetFileName(f))
                .Order(StringComparer.Ordinal)
                .ToList();
            var provider = files.FirstOrDefault(f => f.EndsWith("Provider.cs", StringComparison.Ordinal));
            if (provider is null)
                continue;
            var name = provider[..^"Provider.cs".Length];
            Assert.Equal([$"{name}Access.cs", $"{name}Api.cs", $"{name}Mapping.cs", $"{name}Provider.cs"], files);
        }
    }

    [Fact]
    public void No_pattern_of_the_program_can_run_out_of_time()
    {
        // A limit in wall-clock time fails on a loaded machine; without backtracking none is needed.
        var limited = Sources("src")
            .SelectMany(f =>
                File.ReadLines(f).Select((l, i) => (Line: l, Place: $"{Path.GetRelativePath(Root, f)}:{i + 1}"))
            )
            .Where(l =>
                Patterns().IsMatch(l.Line) && !l.Line.Contains("RegexOptions.NonBacktracking", StringComparison.Ordinal)
            )
            .Select(l => l.Place);
        Assert.Equal([], limited);
    }

    private static void Uses(string folder, string[] forbidden, Regex foreign)
    {
        var found = new List<string>();
        foreach (var file in Sources(folder))
        {
            foreach (var (line, number) in File.ReadLines(file).Select((l, i) => (Code(l), i + 1)))
            {
                var word =
                    forbidden.FirstOrDefault(w =>
                        Regex.IsMatch(
                            line,
                            $@"(?<![\w]){Regex.Escape(w)}\b",
                            RegexOptions.None,
                            TimeSpan.FromMinutes(1)
                        )
                    ) ?? foreign.Match(line).Value;
                if (word.Length > 0)
                    found.Add($"{Path.GetRelativePath(Root, file)}:{number} uses {word}");
            }
        }

        Assert.Equal([], found);
    }

    private static string[] Forbid(params string[] names) => names;

    // Any namespace of this repository but these: fully qualified, in a using, or from the namespace around it.
    private static Regex Ours(params string[] allowed) =>
        new(
            $@"\bReconciler\.(?!(?:{string.Join('|', allowed)})\b)(?:Core|Providers|Kubernetes|Sandbox|Sources|Engine|State|Reports|Telemetry|Hosts)\b|(?<![\w.])(?!(?:{string.Join('|', allowed)})\.)(?:Providers|Kubernetes|Sandbox|Sources|Engine|Reports|Telemetry|Hosts)\.[A-Z]",
            RegexOptions.None,
            TimeSpan.FromMinutes(1)
        );

    // Comments and texts may speak of anything.
    private static string Code(string line)
    {
        var text = Texts().Replace(line, "\"\"");
        var comment = text.IndexOf("//", StringComparison.Ordinal);
        return comment < 0 ? text : text[..comment];
    }

    private static IEnumerable<string> Sources(string folder)
    {
        var path = Path.Combine(Root, folder);
        return !Directory.Exists(path)
            ? []
            : Directory
                .EnumerateFiles(path, "*.cs", SearchOption.AllDirectories)
                .Where(f =>
                    !f.Contains(
                        $"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}",
                        StringComparison.Ordinal
                    )
                );
    }

    private static IEnumerable<string> Includes(XDocument project, string element) =>
        project.Descendants(element).Select(e => (string)e.Attribute("Include")!);

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Reconciler.sln")))
            folder =
                Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("the tests run outside the repository");
        return folder;
    }

    [GeneratedRegex(
        @"\[GeneratedRegex\(|new Regex\(|\bRegex\.(IsMatch|Match|Matches|Replace|Split)\(",
        RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Patterns();

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"", RegexOptions.None, 60_000)]
    private static partial Regex Texts();
}
