using System.Security.Cryptography;
using System.Text;
using Reconciler.Core.Manifests.Values.Unicode;

namespace Reconciler.Core.Tests.Values;

/// <summary>
/// The pinned tables against other implementations of Unicode 17.0, over every character: the digests were made with
/// the normalize of Node.js (ICU) and with the npm package tr46, which build/unicode-tables.mjs names.
/// </summary>
public sealed class UnicodeTablesTests
{
    [Fact]
    public void Every_character_composes_as_ICU_composes_it() =>
        Assert.Equal(
            "35a953b2f6835913cd23b3ee09c5de7f3256ea12441cf32c8ac5f8a01c8654df",
            DigestOf(Characters().Select(t => $"{Points(t)}|{Points("a\u0301" + t)}|{Points(t + "\u0323\u0302")}"))
        );

    [Fact]
    public void Every_character_of_a_domain_is_mapped_as_tr46_maps_it() =>
        Assert.Equal(
            "993c6ac76ac6026bedc7d33bfe58547cf25ca13a6d27284992478ec4948c9a89",
            DigestOf(Characters().Select(t => DomainLabels.Map($"a{t}b").Ascii ?? "-"))
        );

    [Theory]
    [InlineData("ihqwcrb4cv8a8dqg056pqjye", "他们为什么不说中文")]
    [InlineData("Proprostnemluvesky-uyb24dma41a", "Pročprostěnemluvíčesky")]
    [InlineData("-with-SUPER-MONKEYS-pc58ag80a8qai00g7n9n", "安室奈美恵-with-SUPER-MONKEYS")]
    [InlineData("mnchen-3ya", "münchen")]
    public void Samples_of_RFC_3492_go_both_ways(string ascii, string letters)
    {
        Assert.Equal(letters, Punycode.Decode(ascii));
        Assert.Equal(ascii, Punycode.Encode(letters), ignoreCase: true);
    }

    [Theory]
    [InlineData("a-")]
    [InlineData("99999999999")]
    [InlineData("a!")]
    public void What_is_no_Punycode_stands_for_nothing_or_for_ASCII(string ascii) =>
        Assert.True(Punycode.Decode(ascii) is not { } letters || Ascii.IsValid(letters), ascii);

    private static IEnumerable<string> Characters() =>
        Enumerable.Range(0x80, 0x10ffff - 0x7f).Where(p => p is < 0xd800 or > 0xdfff).Select(char.ConvertFromUtf32);

    private static string Points(string text) =>
        string.Join(' ', NormalForm.C(text).EnumerateRunes().Select(r => $"{r.Value:x}"));

    private static string DigestOf(IEnumerable<string> lines)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var line in lines)
            digest.AppendData(Encoding.UTF8.GetBytes($"{line}\n"));
        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }
}
