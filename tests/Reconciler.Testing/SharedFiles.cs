namespace Reconciler.Testing;

/// <summary>
/// Public material that lies beside the repository and is not copied into it: vendors' specifications, large inputs.
/// </summary>
public static class SharedFiles
{
    /// <summary>A file or folder of <c>../shared</c>; the test is skipped where it is absent.</summary>
    public static string Path(params string[] parts)
    {
        var path = System.IO.Path.Combine([System.IO.Path.GetDirectoryName(Repository.Root)!, "shared", .. parts]);
        if (!System.IO.Path.Exists(path))
            Assert.Skip(
                $"Put {string.Join('/', parts)} into a folder 'shared' beside the repository to run this test."
            );
        return path;
    }

    /// <summary>The same; null where it is absent.</summary>
    public static string? Find(string path)
    {
        var full = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Repository.Root)!, "shared", path);
        return System.IO.Path.Exists(full) ? full : null;
    }
}
