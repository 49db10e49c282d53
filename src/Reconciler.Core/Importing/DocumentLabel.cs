namespace Reconciler.Core.Importing;

/// <summary>Tells the name that an import gives to a document.</summary>
public static class DocumentLabel
{
    /// <summary>Returns the label of a name at a vendor.</summary>
    /// <param name="vendorName">The vendor's name of a project.</param>
    public static string Of(string vendorName)
    {
        ArgumentNullException.ThrowIfNull(vendorName);
        return DocumentNames.LabelOf(vendorName);
    }
}
