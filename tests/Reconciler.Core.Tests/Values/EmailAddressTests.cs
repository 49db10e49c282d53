using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Manifests.Values.Unicode;
using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests.Values;

/// <summary>Which spellings are one address, which text is none, and what a reader is told.</summary>
public sealed class EmailAddressTests
{
    private const string Kim = "kim@xn--mnchen-3ya.example";

    [Theory]
    [InlineData("\u201cx@example.com\u201d", "holds \u201c")]
    [InlineData("x\ufffd@example.com", "holds \ufffd")]
    [InlineData("x@exam\u2010ple.com", "holds \u2010")]
    [InlineData("x@\u2603.com", "holds \u2603")]
    [InlineData("\uff41na@example.com", "holds \uff41")]
    [InlineData("\u0301a@example.com", "has a part that begins with the mark \\u0301")]
    [InlineData("ana@127.0.0.1", "has a domain that ends in a number")]
    [InlineData("ana@example.123", "has a domain that ends in a number")]
    [InlineData("ana@exa_mple.com", "has _ in its domain")]
    [InlineData(
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.com",
        "has more than 64 characters before the @"
    )]
    public void A_slip_is_refused_where_it_is_declared_and_taken_as_it_is_from_a_vendor(string text, string why)
    {
        Assert.Null(EmailAddress.Parse(text));
        Assert.StartsWith(why, EmailAddress.Explain(text), StringComparison.Ordinal);
        Assert.True(EmailAddress.IsUsable(text));
        Assert.Equal(text, EmailAddress.Existing(text)!.Text);
        Assert.NotNull(AddressPattern.Parse(text));
    }

    [Theory]
    [InlineData("jos\u00e9@example.com")]
    [InlineData("\u5f20\u4f1f@\u4f8b\u5b50.example")]
    [InlineData("\u0430\u043d\u043d\u0430@example.com")]
    [InlineData("ana@3com.example")]
    [InlineData("ana@localhost")]
    public void Letters_of_every_script_are_taken(string text) => Assert.NotNull(EmailAddress.Parse(text));

    [Theory]
    [InlineData("kim@münchen.example")]
    [InlineData("KIM@MÜNCHEN.EXAMPLE")]
    [InlineData("kim@mu\u0308nchen.example")]
    [InlineData("kim@MU\u0308NCHEN.example")]
    [InlineData("kim@XN--MNCHEN-3YA.example")]
    [InlineData(" kim@xn--mnchen-3ya.example\n")]
    public void Spellings_of_one_domain_are_one_address(string text)
    {
        Assert.Equal(Kim, EmailAddress.KeyOf(text));
        Assert.Equal(text.Trim(), EmailAddress.Parse(text)?.Text);
    }

    [Fact]
    public void What_composes_to_a_sign_that_no_address_holds_is_no_address() =>
        Assert.Equal("holds ;", EmailAddress.WhyNone("ana\u037eb@x.example"));

    [Theory]
    [InlineData("W\u030a@x.example", "\u1e98@x.example")]
    [InlineData("H\u0331@x.example", "\u1e96@x.example")]
    [InlineData("J\u030c@x.example", "\u01f0@x.example")]
    public void A_mark_that_composes_with_the_small_letter_alone_makes_no_second_address(string text, string key)
    {
        Assert.Equal(key, EmailAddress.KeyOf(text));
        Assert.Equal(key, EmailAddress.KeyOf(key));
        Assert.Equal(EmailAddress.Parse(text), EmailAddress.Parse(key));
    }

    [Theory]
    [InlineData("JO\u0308RG@x.example", "jo\u0308RG@x.example", false)]
    [InlineData("Jo\u0308rg@x.example", "j\u00f6rg@x.example", true)]
    [InlineData("ana.b@x.example", "anab@x.example", false)]
    [InlineData("ana+b@x.example", "ana@x.example", false)]
    [InlineData("a@stra\u00dfe.example", "a@strasse.example", false)]
    [InlineData("\u00d6@x.example", "\u00f6@x.example", false)]
    public void Local_parts_are_composed_and_only_ASCII_is_folded(string one, string other, bool same) =>
        Assert.Equal(same, EmailAddress.KeyOf(one) == EmailAddress.KeyOf(other));

    [Theory]
    [InlineData("a@\u212aubes.io", "\"kubes.io\"")]
    [InlineData("a@\uff4bubes.io", "\"kubes.io\"")]
    [InlineData("a@kubes\u3002io", "\"kubes.io\"")]
    [InlineData("a@kubes\uff0eio", "\"kubes.io\"")]
    [InlineData("a@\ufb01n.io", "\"fin.io\"")]
    [InlineData("a@\u212bngstrom.io", "ngstrom.io\"")]
    public void A_domain_that_is_mapped_to_another_is_refused_with_that_and_equals_nobody(string text, string shown)
    {
        Assert.Null(EmailAddress.Parse(text));
        Assert.EndsWith($"{shown}; write that if it is meant", EmailAddress.Explain(text), StringComparison.Ordinal);
        Assert.NotEqual("a@kubes.io", EmailAddress.KeyOf(text));
        Assert.False(EmailAddress.IsUsable(text));
    }

    [Fact]
    public void Case_impossible_addresses()
    {
        string[] impossible =
        [
            "ana@example.com\u200b",
            "a\u200cna@example.com",
            "b\u202ebo@example.com",
            "ana@exa\u00admple.com",
            "a\u2060b@example.com",
            "a\U000E0041x@example.com",
            "a\u115fb@example.com",
            "mailto:ana@example.com",
            "*@example.com",
            "${NAME}@example.com",
            "ana@example..com",
            "ana@example.com.",
            ".ana@example.com",
            "ana.@example.com",
            "a..b@example.com",
            "ana@-example.com",
            "ana@example-.com",
            "ana@.example.com",
            "ana@example.c\u0000om",
            "ana @example.com",
            // Invisible characters are refused, since two different addresses would look the same.
            "a\u3164b@x.y",
            "a\u1160b@x.y",
            "a\uffa0b@x.y",
            "a\u180eb@x.y",
            "a\ufe0fb@x.y",
            "a\U000e0100b@x.y",
            "a\ufeffb@x.y",
            "a\u2066b@x.y",
            "a\u034fb@x.y",
            "a\u2800b@x.y",
            "a\u00a0b@x.y",
            "a\u0085b@x.y",
            "a\u007fb@x.y",
            "a\ud800b@x.y",
            "a\ufffeb@x.y",
            "a\ue000b@x.y",
            "MAILTO:a@x.y",
            "<ana@x.y>",
            "Ana <ana@x.y>",
            "$(WHO)@x.y",
            "{{ who }}@x.y",
            "a@${DOMAIN}",
            "a@x..y",
            "a@xn--.y",
            "a@xn--a.y",
            "a@x_-.y",
            "@x.y",
            "a@",
            "a@b@c.d",
            "a",
            "",
            "a@x.y;b@x.y",
            "a,b@x.y",
            "a@x y",
            $"a@{new string('x', 64)}.y",
            "a@[127.0.0.1]",
            "a@x.y/z",
            "a@\u0301x.y",
            "a\u0378b@x.y",
        ];
        Assert.All(impossible, text => Assert.True(EmailAddress.Parse(text) is null, VisibleText.Spell(text)));
        Assert.All(
            impossible,
            text => Assert.False(string.IsNullOrEmpty(EmailAddress.Explain(text)), VisibleText.Spell(text))
        );
    }

    [Theory]
    [InlineData("o'brien+news@sub-1.example.co.uk")]
    [InlineData("ana@localhost")]
    [InlineData("иван@пример.рф")]
    [InlineData("山田@例え.テスト")]
    [InlineData("a!#$%&'+-/=?^_`|~b@x.example")]
    [InlineData("a@r3---sn.example")]
    public void Usual_addresses_are_addresses(string text)
    {
        Assert.Null(EmailAddress.Explain(text));
        Assert.Null(EmailAddress.Doubt(EmailAddress.Parse(text)!));
    }

    [Theory]
    [InlineData("\u0430na@x.example", "\u0430 (U+0430) is Cyrillic")]
    [InlineData("ana@ex\u0430mple.com", "\u0430 (U+0430) is Cyrillic")]
    [InlineData("\u03bfmega@x.example", "\u03bf (U+03BF) is Greek")]
    public void A_letter_of_another_script_is_named(string text, string named) =>
        Assert.Contains(named, EmailAddress.Doubt(EmailAddress.Parse(text)!), StringComparison.Ordinal);

    [Fact]
    public void Addresses_that_differ_in_the_case_of_other_letters_share_a_caseless_key()
    {
        var (one, other) = (EmailAddress.KeyOf("MÜLLER@x.example"), EmailAddress.KeyOf("müller@x.example"));
        Assert.NotEqual(one, other);
        Assert.Equal(EmailAddress.CaselessKeyOf(one), EmailAddress.CaselessKeyOf(other));
    }

    [Theory]
    [InlineData("*@münchen.example", "kim@xn--mnchen-3ya.example", true)]
    [InlineData("*@*.MÜNCHEN.example", "kim@x.mu\u0308nchen.example", true)]
    [InlineData("Bot-*@x.example", "bot-7@X.example", true)]
    [InlineData("*@münchen.example", "kim@munchen.example", false)]
    public void Patterns_match_every_spelling(string pattern, string address, bool matches) =>
        Assert.Equal(matches, AddressPattern.Parse(pattern)!.Matches(EmailAddress.KeyOf(address)));

    [Theory]
    [InlineData("*@x\u200b.example")]
    [InlineData("*@\uff58.example")]
    [InlineData("*@x..example")]
    [InlineData("*@*ü.example")]
    public void Patterns_of_what_cannot_be_are_refused(string pattern) => Assert.Null(AddressPattern.Parse(pattern));

    [Fact]
    public void Problems_stand_at_their_lines_all_at_once()
    {
        var found = Resolved
            .Members(
                """
                {email: "a\u200bb@x.example", access: {permissions: [read]}},
                {email: "ana@x..example", access: {permissions: [read]}},
                {email: "a@\u212aubes.io", access: {permissions: [read]}}
                """
            )
            .Errors.ToList();
        Assert.Equal(3, found.Count);
        Assert.Contains("b.yaml:4:", found[0], StringComparison.Ordinal);
        Assert.Contains("holds the invisible character \\u200b", found[0], StringComparison.Ordinal);
        Assert.Contains("b.yaml:5:", found[1], StringComparison.Ordinal);
        Assert.Contains("read as \"kubes.io\"", found[2], StringComparison.Ordinal);
        Assert.DoesNotContain('\u200b', string.Concat(found));
    }

    [Fact]
    public void Two_entries_that_differ_in_the_case_of_other_letters_are_an_error() =>
        Resolved
            .Members(
                """
                {email: MÜLLER@x.example, access: {permissions: [read]}}, {email: müller@x.example, access: {permissions: [read]}}
                """
            )
            .Refused("differs from", "only in the case of a letter beyond ASCII");

    [Fact]
    public void Mixed_scripts_are_a_warning()
    {
        var found = Resolved.Members("{email: \u0430na@x.example, access: {permissions: [admin]}}");
        found.Accepted();
        Assert.Contains(found.Warnings, w => w.Contains("U+0430", StringComparison.Ordinal));
    }
}
