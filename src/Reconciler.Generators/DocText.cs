using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace Reconciler.Generators;

/// <summary>
/// Summaries as plain text: what a developer reads in the code is what an editor shows over a manifest's field.
/// </summary>
internal static class DocText
{
    private static readonly Regex Space = new(@"\s+", RegexOptions.None, TimeSpan.FromMinutes(1));

    /// <summary>The summary of a type, property or enum member; empty where it has none.</summary>
    public static string SummaryOf(ISymbol symbol)
    {
        var xml = symbol.GetDocumentationCommentXml();
        if (string.IsNullOrEmpty(xml))
            return "";
        // A comment that is no XML gives an element without a summary, and a warning of the compiler.
        var summary = XElement.Parse(xml!.StartsWith("<member", StringComparison.Ordinal) ? xml : "<member/>");
        return summary.Element("summary") is { } found ? Plain(found) : "";
    }

    private static string Plain(XElement summary) =>
        Space.Replace(string.Concat(summary.Nodes().Select(Plain)), " ").Trim();

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

    // cref="P:Reconciler.Core.Manifests.Values.EmailAddress.Key" is Key to a reader.
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
        return name.Substring(name.LastIndexOfAny(['.', ':']) + 1);
    }
}
