using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Manifests.Loading;
using Reconciler.Sandbox.Described;
using Reconciler.Testing;
using Reconciler.Testing.Sources;

namespace Reconciler.Sandbox.Tests.Described;

/// <summary>
/// Which imitation of a vendor the sandbox takes where it has one of its own and a definition describes another.
/// </summary>
public sealed class ImitatedVendorsTests
{
    private static readonly VendorSet Program = VendorCatalogue.Beside([]);

    private static string Definition => File.ReadAllText(Repository.At("vendors/clarifeye.yaml"));

    [Fact]
    public void The_definition_of_the_program_is_tried_with_the_imitation_of_the_sandbox() =>
        Assert.False(IsImitatedFromDefinition(Program));

    [Fact]
    public void So_is_an_unchanged_copy_of_it() => Assert.False(IsImitatedFromDefinition(With(Definition)));

    [Fact]
    public void Another_definition_is_imitated_from_what_it_says() =>
        Assert.True(
            IsImitatedFromDefinition(
                With(Definition.Replace("title: Clarifeye", "title: Acme", StringComparison.Ordinal))
            )
        );

    private static bool IsImitatedFromDefinition(VendorSet vendors) =>
        new VendorKinds(new(vendors, Program)).Find("clarifeye")!.SeedFields.Contains("people");

    private static VendorSet With(string definition)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["clarifeye.yaml"], definition);
        var problems = new Problems();
        var request = new ManifestRequest([]) { Vendors = folder.Path, OverriddenVendors = ["clarifeye"] };
        var vendors = VendorFolder.Read(request, Program, problems);
        Assert.Empty(problems.Sorted);
        return vendors;
    }
}
