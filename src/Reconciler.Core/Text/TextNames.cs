using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Reconciler.Core.Text;

/// <summary>Names and numbers of things, as people read them.</summary>
public static class TextNames
{
    private const string DefaultNamespace = "default/";

    /// <summary>A document's namespace and name; the namespace is left out where it is the default one.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "Short is an adjective here, not the type.")]
    public static string Short(string id) =>
        id.StartsWith(DefaultNamespace, StringComparison.Ordinal) ? id[DefaultNamespace.Length..] : id;

    /// <summary>How many there are of something, such as "1 project" and "2 projects".</summary>
    public static string Count(int count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");
}
