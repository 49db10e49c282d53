using System.Text;

namespace Reconciler.Kubernetes.Events;

/// <summary>Texts of events as the server takes them and terminals bear them.</summary>
internal static class EventText
{
    /// <summary>The longest note, in bytes.</summary>
    public const int Note = 1024;

    /// <summary>The longest word, in bytes.</summary>
    public const int Word = 128;

    private const string Ellipsis = "…";

    /// <summary>
    /// The text in at most so many bytes, never cut inside a character. Control characters become spaces.
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
