using System.Text;

namespace Reconciler.Core.Manifests.Values.Unicode;

/// <summary>Punycode (RFC 3492) of one label, without the prefix <c>xn--</c>.</summary>
internal static class Punycode
{
    private const int Base = 36;
    private const int Least = 1;
    private const int Most = 26;
    private const int Skew = 38;
    private const int Damp = 700;
    private const int FirstBias = 72;
    private const int FirstPoint = 0x80;

    // No DNS label is longer, and the algorithm takes quadratic time.
    private const int Longest = 256;

    /// <summary>A label in ASCII; null if it is too long.</summary>
    /// <param name="label">The label, without lone surrogates.</param>
    public static string? Encode(string label)
    {
        var points = label.EnumerateRunes().Select(r => r.Value).ToArray();
        if (points.Length > Longest)
            return null;
        var ascii = new StringBuilder(string.Concat(label.Where(char.IsAscii)));
        var (done, basic) = (ascii.Length, ascii.Length);
        if (basic > 0)
            ascii.Append('-');
        var (next, delta, bias) = (FirstPoint, 0, FirstBias);
        while (done < points.Length)
        {
            var least = points.Where(p => p >= next).Min();
            delta += (least - next) * (done + 1);
            next = least;
            foreach (var point in points)
            {
                if (point < next)
                    delta++;
                if (point != next)
                    continue;
                Append(ascii, delta, bias);
                bias = Adapt(delta, done + 1, done == basic);
                delta = 0;
                done++;
            }

            delta++;
            next++;
        }

        return ascii.ToString();
    }

    /// <summary>The label that ASCII text stands for; null if it stands for none.</summary>
    /// <param name="ascii">The text, in lower case, without the prefix.</param>
    public static string? Decode(string ascii)
    {
        if (ascii.Length > Longest || !Ascii.IsValid(ascii))
            return null;
        var basic = Math.Max(ascii.LastIndexOf('-'), 0);
        var points = ascii[..basic].Select(c => (int)c).ToList();
        var (at, point, index, bias) = (basic > 0 ? basic + 1 : 0, (long)FirstPoint, 0L, FirstBias);
        while (at < ascii.Length)
        {
            var before = index;
            if (!TryNumber(ascii, ref at, ref index, bias))
                return null;
            var count = points.Count + 1;
            bias = Adapt((int)(index - before), count, before == 0 && points.Count == basic);
            point += index / count;
            index %= count;
            if (!Rune.IsValid((int)Math.Min(point, int.MaxValue)))
                return null;
            points.Insert((int)index++, (int)point);
        }

        return string.Concat(points.Select(char.ConvertFromUtf32));
    }

    private static bool TryNumber(string ascii, ref int at, ref long number, int bias)
    {
        for (long weight = 1, k = Base; ; k += Base)
        {
            if (at >= ascii.Length)
                return false;
            var digit = ascii[at++] switch
            {
                >= 'a' and <= 'z' and var c => c - 'a',
                >= '0' and <= '9' and var c => c - '0' + 26,
                _ => -1,
            };
            if (digit < 0)
                return false;
            number += digit * weight;
            if (number > int.MaxValue)
                return false;
            var threshold = Threshold(k, bias);
            if (digit < threshold)
                return true;
            weight *= Base - threshold;
        }
    }

    private static void Append(StringBuilder ascii, int number, int bias)
    {
        for (long k = Base; ; k += Base)
        {
            var threshold = Threshold(k, bias);
            if (number < threshold)
                break;
            ascii.Append(Digit(threshold + ((number - threshold) % (Base - threshold))));
            number = (number - threshold) / (Base - threshold);
        }

        ascii.Append(Digit(number));
    }

    private static int Threshold(long k, int bias) => (int)Math.Clamp(k - bias, Least, Most);

    private static char Digit(int value) => (char)(value < 26 ? 'a' + value : '0' + value - 26);

    private static int Adapt(int delta, int count, bool first)
    {
        delta = first ? delta / Damp : delta / 2;
        delta += delta / count;
        var k = 0;
        for (; delta > (Base - Least) * Most / 2; k += Base)
            delta /= Base - Least;
        return k + ((Base - Least + 1) * delta / (delta + Skew));
    }
}
