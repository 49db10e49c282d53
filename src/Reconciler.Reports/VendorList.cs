using Reconciler.Core.Membership;
using Reconciler.Core.Text;

namespace Reconciler.Reports;

/// <summary>Prints the vendors that manifests may name, one on each line.</summary>
public static class VendorList
{
    private static readonly string[] Heads = ["name", "title", "from"];

    /// <summary>Prints the list.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="palette">The colours.</param>
    /// <param name="vendors">The vendors, each with where it comes from.</param>
    public static void Write(
        TextWriter output,
        Palette palette,
        IReadOnlyList<(Vendor Vendor, string Origin)> vendors
    ) =>
        TextTable.Write(
            output,
            palette,
            Heads,
            vendors.Select(v => (string[])[v.Vendor.Type, v.Vendor.Name, v.Origin])
        );
}
