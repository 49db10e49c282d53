using System.Security.Cryptography;
using System.Text.Json;
using System.Xml.Linq;
using Reconciler.Testing;

namespace Reconciler.Tests.Packaging;

/// <summary>
/// The licences of all packages, those of the program and those of its tests: each is one that lets us use and pass on
/// the package. A package with another one is refused here before anything depends on it.
/// </summary>
public sealed class PackageLicenceTests
{
    private static readonly HashSet<string> Allowed = new(StringComparer.Ordinal)
    {
        "Apache-2.0",
        "BSD-3-Clause",
        "MIT",
        "PostgreSQL",
    };

    // Read by a human. A text that changes, as a new version may bring one, is read again.
    private static readonly Dictionary<string, string> Read = new(StringComparer.Ordinal)
    {
        // MIT.
        ["CommandLineParser"] = "87a1efc79d6ee27e",
        ["Microsoft.DotNet.PlatformAbstractions"] = "d7a68596ab69b06f",
        ["Vecc.YamlDotNet.Analyzers.StaticGenerator"] = "daea8b7f1b2bab48",
        // In the public domain.
        ["SourceGear.sqlite3"] = "99464c3a88df7b70",
    };

    // Only tests have them, and they name a page instead of a licence: both are .NET's own, of its time under MIT.
    private static readonly HashSet<string> Pages = new(StringComparer.Ordinal)
    {
        "http://go.microsoft.com/fwlink/?LinkId=329770",
        "https://github.com/dotnet/standard/blob/master/LICENSE.TXT",
    };

    public static TheoryData<string> Projects =>
        [
            .. new[] { "src", "tests" }
                .SelectMany(f => Directory.EnumerateFiles(Repository.At(f), "*.csproj", SearchOption.AllDirectories))
                .Select(f => Path.GetRelativePath(Repository.Root, Path.GetDirectoryName(f)!))
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_package_of_a_project_has_a_licence_that_is_allowed(string project)
    {
        using var assets = JsonDocument.Parse(File.ReadAllText(Repository.At($"{project}/obj/project.assets.json")));
        var folders = assets.RootElement.GetProperty("packageFolders").EnumerateObject().Select(f => f.Name).ToList();
        var packages = assets
            .RootElement.GetProperty("libraries")
            .EnumerateObject()
            .Where(l => l.Value.GetProperty("type").ValueEquals("package"))
            .ToList();

        var refused = packages
            .Select(p => (p.Name, Licence: LicenceOf(p, folders)))
            .Where(p => !IsAllowed(p.Name.Split('/')[0], p.Licence))
            .Select(p => $"{p.Name}: {p.Licence}");

        Assert.NotEmpty(packages);
        Assert.Equal([], refused);
    }

    private static bool IsAllowed(string package, string licence) =>
        Allowed.Contains(licence) || Pages.Contains(licence) || Read.GetValueOrDefault(package) == licence;

    // The expression, the start of the hash of the file, or the address of the page.
    private static string LicenceOf(JsonProperty package, List<string> folders)
    {
        var path = package.Value.GetProperty("path").GetString()!;
        var folder = folders.Select(f => Path.Combine(f, path)).First(Directory.Exists);
        var metadata = XDocument
            .Load(Directory.EnumerateFiles(folder, "*.nuspec").Single())
            .Descendants()
            .ToLookup(e => e.Name.LocalName, StringComparer.Ordinal);
        if (metadata["license"].FirstOrDefault() is not { } licence)
            return metadata["licenseUrl"].FirstOrDefault()?.Value ?? "none";
        return (string?)licence.Attribute("type") == "file"
            ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, licence.Value))))[..16]
            : licence.Value;
    }
}
