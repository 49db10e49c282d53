namespace Reconciler.Testing.Golden;

/// <summary>A text that a person has read and found right.</summary>
public static class GoldenFile
{
    /// <summary>Holds a text against a file; RECONCILER_UPDATE_GOLDEN=1 writes the file anew.</summary>
    public static async Task HoldAsync(string expected, string actual)
    {
        if (Environment.GetEnvironmentVariable("RECONCILER_UPDATE_GOLDEN") == "1")
            await File.WriteAllTextAsync(expected, actual, TestContext.Current.CancellationToken);
        Assert.True(File.Exists(expected), $"{expected} is missing; RECONCILER_UPDATE_GOLDEN=1 writes it");
        Assert.Equal(await File.ReadAllTextAsync(expected, TestContext.Current.CancellationToken), actual);
    }
}
