using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using Reconciler.Core.Text;

namespace Reconciler.Worker.Web;

/// <summary>
/// Encodes every value that a template writes. Characters that nobody sees are spelled out first: an entity such as
/// <c>&amp;#x202e;</c> would still turn the text around it in a browser.
/// </summary>
internal sealed class VisibleHtmlEncoder : HtmlEncoder
{
    private VisibleHtmlEncoder() { }

    /// <summary>The encoder of all status pages.</summary>
    public static VisibleHtmlEncoder Instance { get; } = new();

    /// <inheritdoc/>
    public override int MaxOutputCharactersPerInputCharacter => @"\U0010ffff".Length;

    /// <inheritdoc/>
    /// <remarks>
    /// A text is encoded as a whole, since encoding it rune by rune would lose half of a broken surrogate pair.
    /// </remarks>
    public override string Encode(string value) => WebUtility.HtmlEncode(TerminalText.Escape(value));

    /// <inheritdoc/>
    public override void Encode(TextWriter output, string value, int startIndex, int characterCount)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(value);
        output.Write(Encode(value.Substring(startIndex, characterCount)));
    }

    /// <inheritdoc/>
    public override void Encode(TextWriter output, char[] value, int startIndex, int characterCount)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write(Encode(new string(value, startIndex, characterCount)));
    }

    /// <inheritdoc/>
    public override bool WillEncode(int unicodeScalar)
    {
        var text = char.ConvertFromUtf32(unicodeScalar);
        return Encode(text) != text;
    }

    /// <inheritdoc/>
    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var rest = new ReadOnlySpan<char>(text, textLength);
        for (var i = 0; i < textLength; )
        {
            if (Rune.DecodeFromUtf16(rest[i..], out var rune, out var length) != OperationStatus.Done)
                return i;
            if (WillEncode(rune.Value))
                return i;
            i += length;
        }

        return -1;
    }

    /// <inheritdoc/>
    public override unsafe bool TryEncodeUnicodeScalar(
        int unicodeScalar,
        char* buffer,
        int bufferLength,
        out int numberOfCharactersWritten
    )
    {
        var encoded = Encode(char.ConvertFromUtf32(unicodeScalar));
        var isWritten = encoded.TryCopyTo(new Span<char>(buffer, bufferLength));
        numberOfCharactersWritten = isWritten ? encoded.Length : 0;
        return isWritten;
    }
}
