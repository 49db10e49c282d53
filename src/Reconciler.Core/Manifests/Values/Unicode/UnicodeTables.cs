using System.Collections.Frozen;
using System.Collections.Immutable;
using System.IO.Compression;

namespace Reconciler.Core.Manifests.Values.Unicode;

/// <summary>What UTS #46 does with a character of a domain.</summary>
internal enum IdnaStatus
{
    /// <summary>Kept.</summary>
    Valid,

    /// <summary>Replaced by another character: a form of compatibility, such as a full-width letter.</summary>
    Mapped,

    /// <summary>Left out.</summary>
    Ignored,

    /// <summary>Refused.</summary>
    Disallowed,

    /// <summary>Replaced by its lower case, or by a sequence that composes to the same.</summary>
    Cased,
}

/// <summary>The mapping of UTS #46 for characters beyond ASCII. Read at the first address that needs it.</summary>
internal static class IdnaTable
{
    private static readonly int[] From;
    private static readonly IdnaStatus[] Statuses;
    private static readonly string?[] Texts;

    static IdnaTable()
    {
        var data = new PackedNumbers(UnicodeData.Mapping);
        var count = data.Next();
        (From, Statuses, Texts) = (new int[count], new IdnaStatus[count], new string?[count]);
        for (int i = 0, at = 0x80; i < count; i++)
        {
            From[i] = at += data.Next();
            Statuses[i] = (IdnaStatus)data.Next();
            if (Statuses[i] is IdnaStatus.Mapped or IdnaStatus.Cased)
                Texts[i] = data.Text(at);
        }
    }

    /// <summary>Returns what happens to a character, and its replacement if it is mapped.</summary>
    /// <param name="point">A code point from U+0080 on.</param>
    public static (IdnaStatus Status, string? Text) Of(int point)
    {
        var at = Array.BinarySearch(From, point);
        if (at < 0)
            at = ~at - 1;
        return (Statuses[at], Texts[at]);
    }
}

/// <summary>The data of normalisation form C. Read at the first address that needs them.</summary>
internal static class NormalisationTable
{
    static NormalisationTable()
    {
        var data = new PackedNumbers(UnicodeData.Normalisation);
        var decompositions = new Dictionary<int, string>();
        var at = 0;
        for (var left = data.Next(); left > 0; left--)
            decompositions[at += data.Next()] = data.Text(0);
        var classes = new Dictionary<int, byte>();
        at = 0;
        for (var left = data.Next(); left > 0; left--)
            classes[at += data.Next()] = (byte)data.Next();
        var compositions = new Dictionary<(int, int), int>();
        at = 0;
        for (var left = data.Next(); left > 0; left--)
        {
            at += data.Next();
            compositions[(data.Next(), data.Next())] = at;
        }

        Decompositions = decompositions.ToFrozenDictionary();
        Classes = classes.ToFrozenDictionary();
        Compositions = compositions.ToFrozenDictionary();
    }

    /// <summary>The whole canonical decomposition of each character that has one; Hangul is computed.</summary>
    public static FrozenDictionary<int, string> Decompositions { get; }

    /// <summary>The canonical combining classes other than 0.</summary>
    public static FrozenDictionary<int, byte> Classes { get; }

    /// <summary>The characters that two others compose to.</summary>
    public static FrozenDictionary<(int First, int Second), int> Compositions { get; }
}

/// <summary>The scripts that a character is written in, extensions included.</summary>
internal static class ScriptTable
{
    private static readonly int[] From;
    private static readonly ImmutableArray<string>[] Sets;

    static ScriptTable()
    {
        var data = new PackedNumbers(UnicodeData.Scripts);
        var names = new string[data.Next()];
        for (var i = 0; i < names.Length; i++)
            names[i] = string.Create(data.Next(), data, static (span, from) => from.Fill(span));
        var sets = new ImmutableArray<string>[data.Next()];
        for (var i = 0; i < sets.Length; i++)
        {
            var set = new string[data.Next()];
            for (var j = 0; j < set.Length; j++)
                set[j] = names[data.Next()];
            sets[i] = [.. set];
        }

        (From, Sets) = (new int[data.Next()], []);
        Sets = new ImmutableArray<string>[From.Length];
        for (int i = 0, at = 0; i < From.Length; i++)
        {
            From[i] = at += data.Next();
            Sets[i] = sets[data.Next()];
        }
    }

    /// <summary>
    /// The scripts of a character: <c>Common</c> and <c>Inherited</c> go with every other; empty if it is not
    /// assigned.
    /// </summary>
    public static ImmutableArray<string> Of(int point)
    {
        var at = Array.BinarySearch(From, point);
        return Sets[at < 0 ? ~at - 1 : at];
    }
}

/// <summary>Reads the numbers of one table.</summary>
internal sealed class PackedNumbers
{
    private readonly byte[] _bytes;
    private int _at;

    public PackedNumbers(string packed)
    {
        using var inflated = new MemoryStream();
        using (
            var deflated = new DeflateStream(
                new MemoryStream(Convert.FromBase64String(packed)),
                CompressionMode.Decompress
            )
        )
        {
            deflated.CopyTo(inflated);
        }

        _bytes = inflated.ToArray();
    }

    public int Next()
    {
        for (int number = 0, shift = 0; ; shift += 7)
        {
            var part = _bytes[_at++];
            number |= (part & 0x7f) << shift;
            if (part < 0x80)
                return number;
        }
    }

    /// <summary>A text whose characters stand as differences from the one before.</summary>
    /// <param name="near">What the first one differs from.</param>
    public string Text(int near)
    {
        var text = "";
        for (var left = Next(); left > 0; left--)
        {
            var packed = Next();
            near += (packed & 1) == 0 ? packed >> 1 : -((packed + 1) >> 1);
            text += char.ConvertFromUtf32(near);
        }

        return text;
    }

    public void Fill(Span<char> ascii)
    {
        for (var i = 0; i < ascii.Length; i++)
            ascii[i] = (char)Next();
    }
}
