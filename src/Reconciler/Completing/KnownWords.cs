using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Offboarding;
using Reconciler.Manifests.Loading;

namespace Reconciler.Completing;

/// <summary>
/// Names and addresses in manifests, as a shell offers them. Only files are read, for a short time, and what cannot be
/// read offers nothing.
/// </summary>
internal sealed class KnownWords
{
    // Long enough for a busy machine; a person who pressed the tab key does not wait longer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ManifestSet _manifests;

    private KnownWords(ManifestSet manifests) => _manifests = manifests;

    /// <summary>No names and no addresses.</summary>
    public static KnownWords None { get; } = new(new());

    /// <summary>Reads the manifests of a command line; none where that fails or takes too long.</summary>
    /// <param name="environment">What reads them.</param>
    /// <param name="request">Tells which ones; an unfinished command line may not tell it.</param>
    public static KnownWords In(CliEnvironment environment, Func<ManifestRequest> request)
    {
        var reading = Task.Run(() => Read(environment, request));
        return new(reading.Wait(Patience) ? reading.Result : new ManifestSet());
    }

    /// <summary>The names of the AccessProviders.</summary>
    public IEnumerable<string> Providers() => Names<AccessProvider>();

    /// <summary>The names of the ProjectMemberships.</summary>
    public IEnumerable<string> Projects() => Names<ProjectMembership>();

    /// <summary>
    /// People as a verb takes them: by addresses, and by the logins that Persons state with their places.
    /// </summary>
    public IEnumerable<string> People() =>
        NearAddresses
            .In(_manifests)
            .Concat(
                _manifests.Readable<Person>().SelectMany(p => p.Spec.Logins ?? new Dictionary<string, Login>(), LoginAt)
            )
            // A login without its place names nobody.
            .Where(word => NamedPerson.WhyNone(word) is null)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Order(StringComparer.Ordinal);

    private static string LoginAt(Person person, KeyValuePair<string, Login> login) => $"{login.Key}:{login.Value}";

    private IEnumerable<string> Names<T>()
        where T : Manifest =>
        _manifests
            .Readable<T>()
            .Select(m => m.Metadata.Name)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);

    private static ManifestSet Read(CliEnvironment environment, Func<ManifestRequest> request)
    {
        try
        {
            var unfiltered = request() with { AllowsEmpty = true, Providers = [], Projects = [] };
            return environment.Loader.Load(unfiltered).Manifests;
        }
        catch (Exception unreadable) when (unreadable is not OutOfMemoryException)
        {
            return new ManifestSet();
        }
    }
}
