using System.Reflection;
using System.Text.Json;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing.Documentation;

namespace Reconciler.Sandbox.Tests;

/// <summary>The page about the sandbox has every field of a seed and every kind of fault.</summary>
public sealed class DocumentedSandboxTests
{
    private static readonly string Page = MarkdownPage.Of("docs/sandbox.md").Text;

    public static TheoryData<Type> Seeds =>
        [
            typeof(SandboxSeed),
            typeof(SeedConnection),
            typeof(SeedPerson),
            typeof(SeedProject),
            typeof(SeedMember),
            typeof(SeedInvitation),
            typeof(SeedRateLimit),
        ];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_field_of_a_seed_stands_on_the_page(Type seed) =>
        Assert.All(
            seed.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => Word(p.Name)),
            // A list is shown as `name[]`, a mapping as `name: {…}`, fields inside of one by their names.
            name => Assert.Matches($"[`{{ ]{name}(\\[\\]|:|`|,|}})", Page)
        );

    [Fact]
    public void Every_kind_of_fault_stands_on_the_page() =>
        Assert.All(
            Enum.GetNames<FaultKind>(),
            kind => Assert.Contains($"`{Word(kind)}`", Page, StringComparison.Ordinal)
        );

    private static string Word(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
}
