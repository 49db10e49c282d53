using System.Collections.Frozen;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Reconciler.Manifests.Schemas;

/// <summary>
/// Reads the summaries of types, properties and enum members from the XML documentation that the compiler writes, so
/// that editors show the same text that developers read in the code.
/// </summary>
public sealed partial class XmlDocs
{
    private static readonly FrozenDictionary<string, string> Nothing = FrozenDictionary<string, string>.Empty;

    private readonly FrozenDictionary<string, string> _summaries;

    private XmlDocs(FrozenDictionary<string, string> summaries, string? missing) =>
        (_summaries, Missing) = (summaries, missing);

    /// <summary>Why there are no descriptions; null if there are. Everything else works without them.</summary>
    internal string? Missing { get; }

    /// <summary>
    /// Reads the file beside the program; in a single-file program the assembly has no path of its own.
    /// </summary>
    /// <param name="assembly">The assembly whose types are described.</param>
    public static XmlDocs Of(Assembly assembly) =>
        Read(Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.xml"));

    /// <summary>Reads a documentation file.</summary>
    /// <param name="path">The file.</param>
    internal static XmlDocs Read(string path)
    {
        try
        {
            var members = XDocument.Load(path).Descendants("member").Where(m => m.Element("summary") is not null);
            return new(
                members.ToFrozenDictionary(
                    m => (string)m.Attribute("name")!,
                    m => Plain(m.Element("summary")!),
                    StringComparer.Ordinal
                ),
                null
            );
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or XmlException)
        {
            return new(Nothing, $"there are no descriptions, since {path} cannot be read: {unreadable.Message}");
        }
    }

    /// <summary>Returns a type's summary; empty if it has none.</summary>
    /// <param name="type">The type.</param>
    internal string Of(Type type) => _summaries.GetValueOrDefault($"T:{type.FullName}", "");

    /// <summary>Returns a property's or enum member's summary; empty if it has none.</summary>
    /// <param name="member">The property or field.</param>
    internal string Of(MemberInfo member) =>
        _summaries.GetValueOrDefault(
            $"{(member is PropertyInfo ? 'P' : 'F')}:{member.DeclaringType!.FullName}.{member.Name}",
            ""
        );

    private static string Plain(XElement summary) =>
        Space().Replace(string.Concat(summary.Nodes().Select(Plain)), " ").Trim();

    private static string Plain(XNode node) =>
        node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "see" or "seealso" or "paramref" or "typeparamref" } reference
                when !reference.Nodes().Any() => NameOf(reference),
            XElement { Name.LocalName: "para" or "br" } block => $" {string.Concat(block.Nodes().Select(Plain))} ",
            XElement element => string.Concat(element.Nodes().Select(Plain)),
            _ => "",
        };

    // Show cref="P:Reconciler.Core.Manifests.Values.EmailAddress.Key" as Key.
    private static string NameOf(XElement reference)
    {
        var target = reference
            .Attributes()
            .FirstOrDefault(a => a.Name.LocalName is "cref" or "langword" or "href" or "name");
        if (target is null)
            return "";
        if (target.Name.LocalName != "cref")
            return target.Value;
        var name = target.Value.Split('(')[0];
        return name[(name.LastIndexOfAny(['.', ':']) + 1)..];
    }

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Space();
}
