using Reconciler.State.Postgres;

namespace Reconciler.State;

/// <summary>Where a state is kept, as <c>--state</c> names it: a file, or the URL of PostgreSQL.</summary>
public static class StatePlace
{
    /// <summary>The environment variable that names a state where no option does.</summary>
    public const string Variable = "RECONCILER_STATE";

    /// <summary>Whether it is the URL of PostgreSQL.</summary>
    public static bool IsServer(string place) => PostgresUrl.IsUrl(place);

    /// <summary>
    /// What is wrong with a place as it was given, in words that follow the name of what gave it; null where nothing
    /// is, as with every path.
    /// </summary>
    public static string? Problem(string given) => IsServer(given) ? PostgresUrl.Problem(given) : null;

    /// <summary>The place in full: a whole path, or the URL as it was given.</summary>
    /// <param name="given">The place as it was given.</param>
    /// <param name="folder">The folder that relative paths start from.</param>
    public static string Full(string given, string folder) =>
        IsServer(given) ? given : Path.GetFullPath(given, Path.GetFullPath(folder));

    /// <summary>The place as messages name it.</summary>
    /// <exception cref="Reconciler.Core.Ports.LedgerException">It is a URL that cannot be used.</exception>
    public static string Name(string place) => IsServer(place) ? PostgresUrl.Parse(place).ToString() : place;
}
