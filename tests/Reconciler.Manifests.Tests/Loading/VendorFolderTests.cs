using System.Globalization;
using Reconciler.Core.Manifests;
using Reconciler.Manifests.Loading;
using Reconciler.Providers;
using Reconciler.Testing;

namespace Reconciler.Manifests.Tests.Loading;

/// <summary>Definitions of vendors, read from the runner's folder.</summary>
public sealed class VendorFolderTests : IDisposable
{
    private static readonly string Boards = File.ReadAllText(
        Repository.At("tests/Reconciler.Tests/Golden/vendors/vendors/boards.yaml")
    );
    private static readonly string Forum = File.ReadAllText(
        Repository.At("tests/Reconciler.Tests/Golden/vendors/vendors/forum.yaml")
    );

    private readonly string _folder = Directory.CreateTempSubdirectory("vendors").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Definitions_of_a_folder_stand_among_the_programs_own_vendors_in_order()
    {
        Write("boards.yaml", Boards);
        Write("below/forum.yaml", Forum);

        var (problems, vendors) = Read();

        Assert.Empty(problems);
        Assert.Equal(["boards", "confident-ai", "equinix-metal", "forum", "gorules"], vendors);
    }

    [Fact]
    public void Without_a_folder_there_are_the_programs_own_vendors()
    {
        var problems = new Problems();

        Assert.Equal(ProviderCatalog.Vendors, VendorFolder.Read(new([]), ProviderCatalog.Vendors, problems));
        Assert.Empty(problems.Sorted);
    }

    [Fact]
    public void A_built_in_name_is_refused_and_the_rest_of_the_definition_is_checked_all_the_same()
    {
        Write(
            "a.yaml",
            Boards
                .Replace("name: boards", "name: gorules", StringComparison.Ordinal)
                .Replace("/{member.id}", "/{member.di}", StringComparison.Ordinal)
        );

        var (problems, vendors) = Read();

        Assert.Contains(problems, p => p.EndsWith("or --override-vendor gorules", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Contains("did you mean \"member.id\"?", StringComparison.Ordinal));
        Assert.Equal(ProviderCatalog.Vendors.Length, vendors.Count);
    }

    [Fact]
    public void A_built_in_vendor_is_replaced_where_the_runner_says_so()
    {
        Write("a.yaml", Boards.Replace("name: boards", "name: gorules", StringComparison.Ordinal));

        var (problems, vendors) = Read("gorules");

        Assert.Empty(problems);
        Assert.Equal(["confident-ai", "equinix-metal", "gorules"], vendors);
    }

    [Fact]
    public void A_name_to_replace_without_a_definition_is_a_problem()
    {
        Write("a.yaml", Boards);

        Assert.EndsWith(
            "has no definition of gorules; --override-vendor names it",
            Assert.Single(Read("gorules").Problems),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Fields_and_what_they_mean_are_told_at_once()
    {
        Write(
            "a.yaml",
            Boards
                .Replace("  title: Boards", "  title: Boards\n  colour: red", StringComparison.Ordinal)
                .Replace("{member.id}", "{member.di}", StringComparison.Ordinal)
                .Replace("email: /email", "email: email", StringComparison.Ordinal)
        );

        var (problems, vendors) = Read();

        Assert.Contains(problems, p => p.Contains("spec.colour: unknown field", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Contains("{member.di}", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Contains("spec.members.email: is \"email\"", StringComparison.Ordinal));
        Assert.DoesNotContain("boards", vendors);
    }

    [Fact]
    public void A_definition_without_any_one_of_its_lines_is_valid_or_refused_and_never_a_failure()
    {
        foreach (var text in (string[])[Boards, Forum])
        {
            var lines = text.TrimEnd().Split('\n');
            var refused = 0;
            for (var left = 0; left < lines.Length; left++)
            {
                foreach (var other in Spoilt(lines[left]))
                    refused += IsRefused([.. lines[..left], .. other, .. lines[(left + 1)..]]) ? 1 : 0;
            }

            Assert.InRange(refused, lines.Length, 3 * lines.Length);
        }
    }

    // The line is gone, has a value of another kind, or another name.
    private static IEnumerable<string[]> Spoilt(string line)
    {
        yield return [];
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            yield break;
        yield return [$"{line[..colon]}: 5"];
        yield return [$"{line[..colon]}s{line[colon..]}"];
    }

    private bool IsRefused(string[] lines)
    {
        Write("a.yaml", string.Join('\n', lines) + "\n");
        var (problems, vendors) = Read();
        // A definition with a problem is never among the vendors.
        var isValid = vendors.Count == ProviderCatalog.Vendors.Length + 1;
        Assert.True(isValid == (problems.Count == 0), $"{string.Join('\n', problems)}\n{string.Join('\n', lines)}");
        return problems.Count > 0;
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private (List<string> Problems, List<string> Vendors) Read(params string[] overridden)
    {
        var problems = new Problems();
        var request = new ManifestRequest([]) { Vendors = _folder, OverriddenVendors = overridden };
        var vendors = VendorFolder.Read(request, ProviderCatalog.Vendors, problems);
        return (
            [.. problems.Sorted.Select(p => Convert.ToString(p, CultureInfo.InvariantCulture)!)],
            [.. vendors.Select(v => v.Type)]
        );
    }
}
