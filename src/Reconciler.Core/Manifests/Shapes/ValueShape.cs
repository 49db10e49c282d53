using System.Globalization;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Core.Manifests.Shapes;

/// <summary>
/// The form of a field's value, derived from the manifest types. The binder, the JSON Schemas and the reference page
/// all walk these shapes, so that they cannot disagree.
/// </summary>
public abstract class ValueShape
{
    /// <summary>Reads a piece of text into a value.</summary>
    /// <param name="node">The piece.</param>
    /// <param name="problems">Gets every problem found.</param>
    /// <returns>The value; null if the piece has another form, which is reported as a problem.</returns>
    public abstract object? Read(Node node, Problems problems);

    /// <summary>The form in words, to stand after "expected".</summary>
    public abstract string Expected { get; }

    private protected object? Refuse(Node node, Problems problems)
    {
        var nothing = node is ScalarNode { Kind: ScalarKind.Nothing };
        problems.Error(
            node,
            nothing
                ? $"has no value; expected {Expected}, or leave the field out"
                : $"is {node.Describe()}; expected {Expected}"
        );
        return null;
    }

    private protected static bool IsTooLong(string text, int most, Node node, Problems problems)
    {
        if (text.Length <= most)
            return false;
        problems.Error(
            node,
            string.Create(CultureInfo.InvariantCulture, $"is {text.Length} characters long; expected at most {most}")
        );
        return true;
    }

    // Text that YAML takes for a number or a flag means something else to kubectl, so the author must quote it or not.
    private protected string? TextOf(Node node, Problems problems)
    {
        if (node is not ScalarNode scalar || scalar.Kind == ScalarKind.Nothing)
        {
            Refuse(node, problems);
            return null;
        }

        if (scalar.Kind is ScalarKind.Text)
            return scalar.Text;
        problems.Error(node, $"is {scalar.Describe()}; {AdviceOn(scalar)}");
        return null;
    }

    // Suggest quotes only if the quoted text would be valid.
    private string AdviceOn(ScalarNode scalar) =>
        !scalar.IsSecret && Accepts(scalar.Text)
            ? $"expected {Expected}, written in quotes: {ProblemText.Quote(scalar.Text)}"
            : $"expected {Expected}";

    /// <summary>Whether a text would be read without a problem if it stood in quotes.</summary>
    private protected virtual bool Accepts(string text) =>
        Read(new ScalarNode(Position.None, text, quoted: true), new Problems()) is not null;
}
