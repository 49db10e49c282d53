using Reconciler.Core.Importing;
using Reconciler.Core.Text;

namespace Reconciler.Reports;

/// <summary>What the heading of a project shows, without saying one name twice.</summary>
/// <param name="Name">The document's name.</param>
/// <param name="VendorName">The vendor's name of it; null where it says nothing new.</param>
/// <param name="Id">The vendor's id of it; null where the name contains it.</param>
public sealed record ProjectTitle(string Name, string? VendorName, string? Id)
{
    private const int LongestVendorName = 40;

    /// <summary>Makes the heading of a project.</summary>
    /// <param name="document">The namespace and name of the document.</param>
    /// <param name="vendorName">The vendor's name; null where the API does not tell.</param>
    /// <param name="id">The vendor's id.</param>
    public static ProjectTitle Of(string document, string? vendorName, string id)
    {
        var name = TextNames.Short(document);
        // An import names the document after the project, or after its id.
        var repeats = vendorName is null || IsSame(name, vendorName);
        return new(
            name,
            repeats ? null : Shortened(vendorName!),
            name.Contains(id, StringComparison.OrdinalIgnoreCase) ? null : id
        );
    }

    private static bool IsSame(string name, string vendorName)
    {
        var own = name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..];
        return own == vendorName || own == DocumentLabel.Of(vendorName);
    }

    private static string Shortened(string name)
    {
        if (name.Length <= LongestVendorName)
            return name;
        var end = char.IsHighSurrogate(name[LongestVendorName - 2]) ? LongestVendorName - 2 : LongestVendorName - 1;
        return $"{name[..end]}…";
    }
}
