using System.Text.Json.Serialization.Metadata;
using Reconciler.Testing.Documentation;

namespace Reconciler.Reports.Tests;

/// <summary>Every field of a JSON output stands on the page about it.</summary>
public sealed class DocumentedShapesTests
{
    public static TheoryData<string> States => ["StateDocument", "HistoryDocument", "HistoryLine", "VerifyDocument"];

    [Theory]
    [MemberData(nameof(States))]
    public void Fields_of_state_and_history_stand_on_their_page(string type) =>
        AssertDocumented(
            type switch
            {
                "StateDocument" => StateJson.Default.StateDocument,
                "HistoryDocument" => StateJson.Default.HistoryDocument,
                "HistoryLine" => StateJson.Lines.HistoryLine,
                _ => StateJson.Default.VerifyDocument,
            },
            "docs/reference/state-json.md"
        );

    [Fact]
    public void Fields_of_invitations_stand_on_their_page() =>
        AssertDocumented(InvitationsJson.Default.InvitationsDocument, "docs/reference/state-json.md");

    private static void AssertDocumented(JsonTypeInfo shape, string path)
    {
        var text = MarkdownPage.Of(path).Text;
        var fields = Fields(shape, []).Distinct(StringComparer.Ordinal).ToList();
        Assert.True(fields.Count > 3, string.Join(' ', fields));
        Assert.All(
            fields,
            field =>
                Assert.True(
                    text.Contains($"`{field}`", StringComparison.Ordinal)
                        || text.Contains($"`{field}[]`", StringComparison.Ordinal),
                    $"{path} lacks {field} of {shape.Type.Name}"
                )
        );
    }

    private static IEnumerable<string> Fields(JsonTypeInfo shape, HashSet<Type> seen)
    {
        if (shape.Kind == JsonTypeInfoKind.Enumerable)
            return Fields(shape.Options.GetTypeInfo(shape.ElementType!), seen);
        if (shape.Kind != JsonTypeInfoKind.Object || !seen.Add(shape.Type))
            return [];
        return shape.Properties.SelectMany(p =>
            Fields(shape.Options.GetTypeInfo(p.PropertyType), seen).Prepend(p.Name)
        );
    }
}
