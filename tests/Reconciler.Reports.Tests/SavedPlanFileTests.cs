namespace Reconciler.Reports.Tests;

public sealed class SavedPlanFileTests
{
    [Theory]
    [InlineData("null")]
    [InlineData("""{"name":"sha256:01","project":"default/a"}""")]
    [InlineData("""{"name":null,"project":"default/a","text":"invite ana@example.com"}""")]
    public void A_plan_with_an_action_that_lacks_a_part_is_no_plan(string action)
    {
        var version = SavedPlanFile.CurrentVersion;
        var text = $$"""{"version":"{{version}}","at":"2026-12-01T00:00:00Z","digest":"d","actions":[{{action}}]}""";
        Assert.Null(SavedPlanFile.Read("plan.json", () => System.Text.Encoding.UTF8.GetBytes(text), out var problem));
        Assert.StartsWith("plan.json is no plan that this version can read", problem, StringComparison.Ordinal);
    }
}
