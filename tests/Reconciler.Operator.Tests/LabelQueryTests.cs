namespace Reconciler.Operator.Tests;

/// <summary>Selectors as kubectl writes them, held against labels.</summary>
public sealed class LabelQueryTests
{
    private static readonly Dictionary<string, string> Labels = new(StringComparer.Ordinal)
    {
        ["tier"] = "prod",
        ["team/owner"] = "fraud",
    };

    [Theory]
    [InlineData("", true)]
    [InlineData("tier=prod", true)]
    [InlineData("tier == prod, team/owner=fraud", true)]
    [InlineData("tier=prod,team/owner=other", false)]
    [InlineData("tier!=prod", false)]
    [InlineData("region!=eu", true)]
    [InlineData("tier in (test, prod),team/owner", true)]
    [InlineData("tier notin (test,prod)", false)]
    [InlineData("region notin (eu)", true)]
    [InlineData("region", false)]
    [InlineData("!region", true)]
    [InlineData("!tier", false)]
    public void Everything_stated_must_hold(string selector, bool selected) =>
        Assert.Equal(selected, LabelQuery.Parse(selector).Matches(Labels));

    [Theory]
    [InlineData("tier=prod", false)]
    [InlineData("tier!=prod", true)]
    [InlineData("!tier", true)]
    public void Whoever_has_no_labels_has_none_of_them(string selector, bool selected) =>
        Assert.Equal(selected, LabelQuery.Parse(selector).Matches(null));

    [Theory]
    [InlineData("tier=pr od")]
    [InlineData("tier in prod")]
    [InlineData("tier in (a")]
    [InlineData("=prod")]
    public void What_is_no_selector_is_refused(string selector) =>
        Assert.Throws<FormatException>(() => LabelQuery.Parse(selector));
}
