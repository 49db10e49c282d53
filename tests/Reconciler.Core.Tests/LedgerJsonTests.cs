using System.Text.Json;
using Reconciler.Core.Ledgers;

namespace Reconciler.Core.Tests;

/// <summary>JSON of a ledger that somebody else wrote, or that lost a part.</summary>
public sealed class LedgerJsonTests
{
    private const string At = "2026-11-01T09:00:00+00:00";

    [Theory]
    [InlineData("""[null]""")]
    [InlineData("""[{"field":"roles","label":"Admin"}]""")]
    [InlineData("""[{"field":null,"word":"admin","label":"Admin"}]""")]
    public void Access_without_a_part_is_refused(string json) =>
        Assert.Throws<JsonException>(() => LedgerJson.Access(json));

    [Theory]
    [InlineData("""{"kind":"Invite","email":"a@x.example","at":"@"}""")]
    [InlineData("""{"kind":"Invite","person":"a@x.example","at":"@"}""")]
    [InlineData("""{"kind":99,"person":"a@x.example","email":"a@x.example","at":"@"}""")]
    [InlineData("""{"kind":"Invite","person":"a","email":"a","at":"@","added":[null]}""")]
    [InlineData("""{"kind":"Invite","person":"a","email":"a","at":"@","access":[],"accessFields":[null]}""")]
    public void A_write_without_a_part_or_of_no_kind_is_refused(string json) =>
        Assert.Throws<JsonException>(() => LedgerJson.Intent(json.Replace("@\"", $"{At}\"", StringComparison.Ordinal)));

    [Theory]
    [InlineData("""{"document":"d","projectId":"p"}""")]
    [InlineData("""{"scope":"s","document":"d","projectId":"p","labels":{"a":null}}""")]
    [InlineData("""{"scope":"s","document":"d","projectId":"p","administrators":[null]}""")]
    [InlineData("""{"scope":"s","document":"d","projectId":"p","limits":{"protected":[null]}}""")]
    [InlineData("""{"scope":"s","document":"d","projectId":"p","limits":{"minAdmins":[null]}}""")]
    [InlineData("""{"scope":"s","document":"d","projectId":"p","limits":{"minAdmins":[{"count":1}]}}""")]
    [InlineData("""{"scope":"s","document":"d","projectId":"p","limits":{"domains":[{"source":"g"}]}}""")]
    [InlineData("""{"scope":"s","document":"d","projectId":"p","limits":{"forbidden":[{"source":"g"}]}}""")]
    [InlineData("""{"scope":"s","document":"d","projectId":"p","limits":{"temporary":[{"source":"g"}]}}""")]
    [InlineData("""{"scope":"s","document":"d","projectId":"p","deletionPolicy":7}""")]
    public void Where_a_project_was_declared_is_refused_without_a_part(string json) =>
        Assert.Throws<JsonException>(() => LedgerJson.Applied(json));

    [Fact]
    public void A_list_with_null_is_refused()
    {
        Assert.Throws<JsonException>(() => LedgerJson.Words("[null]"));
        Assert.Throws<JsonException>(() => LedgerJson.Lessons("[null]"));
    }
}
