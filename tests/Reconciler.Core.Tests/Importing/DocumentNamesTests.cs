using System.Text.RegularExpressions;
using FsCheck.Xunit;
using Reconciler.Core.Importing;

namespace Reconciler.Core.Tests.Importing;

public sealed class DocumentNamesTests
{
    [Theory]
    [InlineData("Fraud Detection", "fraud-detection")]
    [InlineData("  --Größe & Café: #1!  ", "grosse-cafe-1")]
    [InlineData("ÅNGSTRÖM", "angstrom")]
    [InlineData("2026_Q1.final", "2026-q1-final")]
    [InlineData("名前", "clarifeye-eu-3c90")]
    [InlineData("", "clarifeye-eu-3c90")]
    [InlineData("😀", "clarifeye-eu-3c90")]
    public void A_name_becomes_a_label(string wish, string label) =>
        Assert.Equal(label, new DocumentNames([]).Take(wish, "clarifeye-eu-3c90"));

    [Fact]
    public void A_name_is_given_once()
    {
        var names = new DocumentNames(["fraud", "fraud-3"]);
        Assert.Equal(
            ["fraud-2", "fraud-4", "fraud-5"],
            new[] { "Fraud", "fraud!", "FRAUD" }.Select(w => names.Take(w, "x"))
        );
    }

    [Fact]
    public void Long_names_stay_labels_and_apart()
    {
        var names = new DocumentNames([]);
        var wish = new string('a', 61) + "-bcd";
        Assert.Equal(
            [new string('a', 61) + "-b", new string('a', 61) + "-2"],
            new[] { wish, wish }.Select(w => names.Take(w, "x"))
        );
    }

    [Property(MaxTest = 1_000)]
    public void Whatever_people_call_things_names_are_unique_labels(string[] wishes)
    {
        var names = new DocumentNames([]);
        var given = wishes.Select(w => names.Take(w ?? "", "project-1")).ToList();
        Assert.Equal(given.Count, given.Distinct(StringComparer.Ordinal).Count());
        Assert.All(
            given,
            n =>
                Assert.Matches(
                    new Regex(
                        "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$",
                        RegexOptions.ExplicitCapture,
                        TimeSpan.FromMinutes(1)
                    ),
                    n
                )
        );
    }
}
