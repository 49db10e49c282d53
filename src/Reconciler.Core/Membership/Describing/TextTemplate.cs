using System.Collections.Immutable;
using System.Text;

namespace Reconciler.Core.Membership.Describing;

/// <summary>A text with placeholders, such as <c>{member.id}.json</c>.</summary>
/// <param name="Parts">The parts, in order.</param>
public sealed record TextTemplate(ImmutableArray<TemplatePart> Parts)
{
    /// <summary>The names of the placeholders.</summary>
    public IEnumerable<string> Names => Parts.Where(p => p.IsPlaceholder).Select(p => p.Text);

    /// <summary>The one placeholder that the text is; null for any other text.</summary>
    public TemplatePart? Only => Parts is [{ IsPlaceholder: true } part] ? part : null;

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The template; null if a brace is not closed, or closes nothing.</returns>
    public static TextTemplate? Parse(string text)
    {
        var parts = ImmutableArray.CreateBuilder<TemplatePart>();
        for (var at = 0; at < text.Length; )
        {
            var open = text.IndexOfAny(['{', '}'], at);
            if (open < 0)
                open = text.Length;
            else if (text[open] == '}')
                return null;
            if (open > at)
                parts.Add(new(text[at..open], false, false));
            if (open == text.Length)
                break;
            var close = text.IndexOf('}', open);
            if (close < 0)
                return null;
            var name = text[(open + 1)..close];
            var isOptional = name.EndsWith('?');
            parts.Add(new(isOptional ? name[..^1] : name, true, isOptional));
            at = close + 1;
        }

        return new(parts.ToImmutable());
    }

    /// <summary>Returns the text with the values in the place of their names.</summary>
    /// <param name="value">Returns the value of a name.</param>
    public string Fill(Func<string, string> value)
    {
        if (Parts is [{ IsPlaceholder: false } literal])
            return literal.Text;
        var text = new StringBuilder();
        foreach (var part in Parts)
            text.Append(part.IsPlaceholder ? value(part.Text) : part.Text);
        return text.ToString();
    }
}

/// <summary>A part of a text with placeholders.</summary>
/// <param name="Text">The text itself, or the placeholder's name.</param>
/// <param name="IsPlaceholder">Whether it is a placeholder.</param>
/// <param name="IsOptional">Whether there may be no value.</param>
public sealed record TemplatePart(string Text, bool IsPlaceholder, bool IsOptional);
