using System.CommandLine;
using Reconciler.Manifests.Loading;

namespace Reconciler.Options;

/// <summary>The options that name the runner's VendorDefinitions.</summary>
internal sealed class VendorOptions
{
    private readonly Option<string?> _vendors = new("--vendors")
    {
        Description = "A file or folder with VendorDefinitions, for vendors that the program does not know by itself",
    };
    private readonly Option<string[]> _override = OverrideOption();

    public VendorOptions() =>
        _override.Validators.Add(result =>
        {
            if (result.GetResult(_vendors) is null)
                result.AddError("--override-vendor replaces a vendor by a definition; expected --vendors too");
        });

    /// <summary>The options.</summary>
    public IEnumerable<Option> All => [_vendors, _override];

    /// <summary>The option that allows definitions with the names of the program's own vendors.</summary>
    public static Option<string[]> OverrideOption() =>
        new("--override-vendor")
        {
            Description = "A vendor of the program that a VendorDefinition of the same name replaces",
            Arity = ArgumentArity.ZeroOrMore,
        };

    /// <summary>The file or folder with definitions; null where none is named.</summary>
    public string? Folder(ParseResult parsed) => parsed.GetValue(_vendors);

    /// <summary>The vendors that definitions replace.</summary>
    public IReadOnlyList<string> Overridden(ParseResult parsed) => parsed.GetValue(_override) ?? [];

    /// <summary>A request that names the definitions, and no manifests.</summary>
    public ManifestRequest Read(ParseResult parsed, string folder) =>
        new([])
        {
            Folder = folder,
            Vendors = Folder(parsed),
            OverriddenVendors = Overridden(parsed),
        };
}
