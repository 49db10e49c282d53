namespace Reconciler.Tests;

/// <summary>Waits for the end of a run that must have one exit code.</summary>
internal static class RunEnd
{
    /// <summary>Fails with what the run said where it ends with another exit code.</summary>
    /// <returns>What it said.</returns>
    public static async Task<string> EndsAsync(Task<(int Code, string Text)> run, int expected)
    {
        var (code, text) = await run;
        Assert.True(code == expected, text);
        return text;
    }
}
