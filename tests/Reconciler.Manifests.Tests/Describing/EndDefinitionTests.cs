using Reconciler.Core.Membership;

namespace Reconciler.Manifests.Tests.Describing;

/// <summary>Definitions of vendors that end access by themselves, on a day that they are told.</summary>
public sealed class EndDefinitionTests : IDisposable
{
    private static readonly string Ending = VendorDefinitionTests
        .Definition.Replace(
            "  members:\n",
            "    - {name: ends, form: end, description: The last day., inclusive: true, zone: \"-03:30\"}\n"
                + "  members:\n",
            StringComparison.Ordinal
        )
        .Replace("{at: /roles}}", "{at: /roles}, ends: {at: /ends}}", StringComparison.Ordinal)
        .Replace("\"{access.roles}\"", "\"{access.roles}\", ends: \"{access.ends}\"", StringComparison.Ordinal);

    private readonly DefinitionFolder _folder = new();

    [Fact]
    public void An_end_is_sent_and_read_and_no_word_of_manifests()
    {
        var (vendor, problems) = _folder.Read(Ending);

        Assert.Empty(problems);
        Assert.Equal(new AccessEnd("ends", IsInclusive: true, new(-3, -30, 0)), vendor!.Access.End);
        Assert.Equal("roles", Assert.Single(vendor.Access.Fields).Name);
    }

    [Theory]
    [InlineData(", inclusive: true", "", "is missing; expected it for an end")]
    [InlineData(", zone: \"-03:30\"", "", "is missing; expected it for an end")]
    [InlineData("\"-03:30\"", "\"+14:30\"", "expected an offset from UTC between -12:00 and +14:00")]
    [InlineData("\"-03:30\"", "Europe/Berlin", "expected an offset from UTC between -12:00 and +14:00")]
    [InlineData("inclusive: true", "inclusive: true, known: [x]", "means nothing for an end")]
    [InlineData("inclusive: true", "inclusive: true, required: true", "means nothing for an end")]
    [InlineData("admin: [owner]", "admin: [owner]\n      zone: \"+01:00\"", "belongs to the form end")]
    [InlineData("admin: [owner]", "admin: [owner]\n      inclusive: true", "belongs to the form end")]
    [InlineData(", ends: {at: /ends}}\n  inv", "}\n  inv", "says nothing of ends, so nobody could know who has it")]
    [InlineData(", ends: \"{access.ends}\"}\n    upd", "}\n    upd", "does not send ends")]
    [InlineData(", ends: \"{access.ends}\"}\n    rev", "}\n    rev", "does not send ends")]
    [InlineData("{access.ends}\"}\n    rev", "{access.ends?}\"}\n    rev", "would keep what is to be taken away")]
    [InlineData(
        "  members:\n",
        "    - {name: until, form: end, description: Twice., inclusive: true, zone: \"+00:00\"}\n  members:\n",
        "is a second end"
    )]
    [InlineData(
        "    access: {roles: {at: /roles}, ends: {at: /ends}}\n  inv",
        "    parts: [{access: {roles: owner}, query: {role: owner}}]\n  inv",
        "is an end, which members.parts cannot read"
    )]
    [InlineData(
        "      form: words\n      description: What the person may do.\n      known: [reader, owner]\n"
            + "      admin: [owner]",
        "      form: words\n      description: What the person is called.\n      descriptive: true",
        "has no field that gives access"
    )]
    public void An_end_that_could_not_be_told_or_known_is_refused(string right, string wrong, string message) =>
        _folder.Refuses(Ending, right, wrong, message);

    public void Dispose() => _folder.Dispose();
}
