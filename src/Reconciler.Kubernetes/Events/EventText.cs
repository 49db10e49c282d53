using System.Text;

namespace Reconciler.Kubernetes.Events;

/// <summary>Makes texts valid for the server and safe for terminals.</summary>
internal static class EventText
{
    /// <summary>The maximum length of a note, in bytes.</summary>
    public const int Note = 1024;

    /// <summary>The maximum length of a word, in bytes.</summary>
    public const int Word = 128;

    private const string Ellipsis = "…";

    /// <summary>
    /// Shortens a text to a number of bytes, never inside a character. Control characters become spaces.
    /// </summary>
    public static string Cut(string text, int bytes)
    {
        var whole = new StringBuilder(text.Length);
        var fitting = 0;
        var length = 0;
        foreach (var rune in text.EnumerateRunes().Select(one => Rune.IsControl(one) ? new Rune(' ') : one))
        {
            length += rune.Utf8SequenceLength;
            if (length > bytes)
                return whole.ToString(0, fitting) + Ellipsis;
            whole.Append(rune.ToString());
            if (length <= bytes - Encoding.UTF8.GetByteCount(Ellipsis))
                fitting = whole.Length;
        }

        return whole.ToString();
    }
}
