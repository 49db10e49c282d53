namespace Reconciler.Manifests;

/// <summary>Normalises paths inside a repository: relative, with slashes, without . and .. parts.</summary>
public static class RepositoryPath
{
    /// <summary>The root itself.</summary>
    public const string Root = ".";

    /// <summary>Returns the normalised path.</summary>
    /// <exception cref="SourceException">It leads out of the repository.</exception>
    public static string Of(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".").ToArray();
        if (path.StartsWith('/') || parts.Any(p => !IsName(p)))
            throw new SourceException(
                $"the path {path} does not lie inside the repository; expected one such as people or access/prod"
            );
        return parts.Length == 0 ? Root : string.Join('/', parts);
    }

    /// <summary>Whether a name is allowed in a checkout.</summary>
    /// <param name="part">One part of a path.</param>
    public static bool IsName(string part) =>
        part.Length is > 0 and < 256
        && part is not ("." or "..")
        && !part.Equals(".git", StringComparison.OrdinalIgnoreCase)
        && !part.Any(c => c is '/' || char.IsControl(c));
}
