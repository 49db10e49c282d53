namespace Reconciler.Reports;

internal static class TextNames
{
    private const string DefaultNamespace = "default/";

    /// <summary>A document's namespace and name; the namespace is left out where it is the default one.</summary>
    public static string Short(string id) => id.StartsWith(DefaultNamespace, StringComparison.Ordinal) ? id[DefaultNamespace.Length..] : id;
}
