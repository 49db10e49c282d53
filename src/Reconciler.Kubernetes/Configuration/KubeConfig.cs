using System.Text;

namespace Reconciler.Kubernetes.Configuration;

/// <summary>What to take from kubeconfig files, and how far to trust them.</summary>
public sealed record KubeConfigOptions
{
    /// <summary>
    /// The files, the first one wins; null takes those of <c>KUBECONFIG</c>, or <c>~/.kube/config</c>.
    /// </summary>
    public IReadOnlyList<string>? Files { get; init; }

    /// <summary>The context; null takes the current one.</summary>
    public string? Context { get; init; }

    /// <summary>
    /// Whether programs that the files name may be run. Say no to files of other people: naming a program is running
    /// it.
    /// </summary>
    public bool AllowExec { get; init; } = true;

    /// <summary>Tells when credentials are old.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>The way to a cluster that kubeconfig files describe, as kubectl reads them.</summary>
public static class KubeConfig
{
    /// <summary>The connection of a context.</summary>
    /// <param name="options">Which files and context.</param>
    /// <exception cref="ConfigurationException">The files do not say it, or say it wrongly.</exception>
    public static ClusterConnection Load(KubeConfigOptions? options = null)
    {
        options ??= new();
        var merged = KubeConfigFile.Read(options.Files ?? DefaultFiles(Environment.GetEnvironmentVariable));
        var name =
            options.Context
            ?? merged.CurrentContext
            ?? throw new ConfigurationException("the kubeconfig has no current-context");
        var context = Entry(merged, "context", name).Values;
        var cluster = Entry(
            merged,
            "cluster",
            context.Text("cluster") ?? throw new ConfigurationException($"the context \"{name}\" names no cluster")
        );
        var connection = Connection(cluster, options.Clock) with { Namespace = context.Text("namespace") ?? "default" };
        return context.Text("user") is not { } user
            ? connection
            : connection with
            {
                Credentials = UserCredentials.Of(user, Entry(merged, "user", user), connection, cluster, options),
            };
    }

    /// <summary>The files of <c>KUBECONFIG</c>, a list as <c>PATH</c> is one; else the home folder's.</summary>
    internal static IReadOnlyList<string> DefaultFiles(Func<string, string?> variable) =>
        variable("KUBECONFIG") is { Length: > 0 } list
            ?
            [
                .. list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                    .Distinct(StringComparer.Ordinal),
            ]
            : [Path.Combine(Home(variable), ".kube", "config")];

    private static string Home(Func<string, string?> variable) =>
        variable("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    private static NamedEntry Entry(KubeConfigFile merged, string section, string name) =>
        merged.Find(section, name) ?? throw new ConfigurationException($"the kubeconfig has no {section} \"{name}\"");

    private static ClusterConnection Connection(NamedEntry cluster, TimeProvider clock)
    {
        var values = cluster.Values;
        return new()
        {
            Server = Address(values, "server") ?? throw new ConfigurationException("the cluster has no server"),
            Authorities = Trusted(cluster, clock),
            TlsServerName = values.Text("tls-server-name"),
            SkipTlsVerify = values.Flag("insecure-skip-tls-verify"),
            Proxy = Address(values, "proxy-url", "socks5"),
        };
    }

    private static Authorities? Trusted(NamedEntry cluster, TimeProvider clock)
    {
        var data = Data(cluster, "certificate-authority-data");
        var file = cluster.File("certificate-authority");
        // Saying both is a mistake somewhere, and the insecure half must not win.
        if (cluster.Values.Flag("insecure-skip-tls-verify") && (data ?? file) is not null)
            throw new ConfigurationException(
                "the cluster names a certificate authority and insecure-skip-tls-verify: only one can be meant"
            );
        if (data is not null)
            return Authorities.FromPem(data);
        return file is null ? null : Authorities.FromFile(file, clock);
    }

    /// <summary>The text in a base64 field.</summary>
    internal static string? Data(NamedEntry entry, string key)
    {
        if (entry.Values.Text(key) is not { } text)
            return null;
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(text));
        }
        catch (FormatException)
        {
            throw new ConfigurationException($"{key} is not base64");
        }
    }

    private static Uri? Address(YamlMapping values, string key, params string[] more)
    {
        if (values.Text(key) is not { } text)
            return null;
        string[] schemes = ["https", "http", .. more];
        var isAddress = Uri.TryCreate(text, UriKind.Absolute, out var address);
        if (isAddress && schemes.Contains(address!.Scheme, StringComparer.Ordinal))
            return address;
        // A proxy's address may hold a password, so it is not repeated.
        var third = more.Length > 0 ? " or socks5://" : "";
        throw new ConfigurationException($"{key} is no address that starts with https://, http://{third}");
    }
}
