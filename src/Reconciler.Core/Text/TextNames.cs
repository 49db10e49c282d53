using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Reconciler.Core.Text;

/// <summary>Formats names and numbers for people.</summary>
public static class TextNames
{
    private const string DefaultNamespace = "default/";

    /// <summary>Returns a document's namespace and name, without the default namespace.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "Short is an adjective here, not the type.")]
    public static string Short(string id) =>
        id.StartsWith(DefaultNamespace, StringComparison.Ordinal) ? id[DefaultNamespace.Length..] : id;

    /// <summary>Formats a number of things, such as "1 project" and "2 projects".</summary>
    public static string Count(int count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");
}
