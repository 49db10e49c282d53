namespace Reconciler.Tests;

/// <summary>Public material that lies beside the repository and is not copied into it: vendors' specifications, large inputs.</summary>
internal static class SharedFiles
{
    /// <summary>A file or folder of <c>../shared</c>; the test is skipped where it is absent.</summary>
    public static string Path(params string[] parts)
    {
        var path = System.IO.Path.Combine([System.IO.Path.GetDirectoryName(RepositoryRoot())!, "shared", .. parts]);
        if (!System.IO.Path.Exists(path))
            Assert.Skip($"Put {string.Join('/', parts)} into a folder 'shared' beside the repository to run this test.");
        return path;
    }

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Reconciler.sln")))
                return folder.FullName.TrimEnd(System.IO.Path.DirectorySeparatorChar);
        }

        throw new InvalidOperationException("These tests run from a build inside the repository.");
    }
}
