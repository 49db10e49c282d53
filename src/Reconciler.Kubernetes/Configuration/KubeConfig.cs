using System.Text;

namespace Reconciler.Kubernetes.Configuration;

/// <summary>Selects the kubeconfig files, and what they may do.</summary>
public sealed record KubeConfigOptions
{
    /// <summary>
    /// The files, of which the first has precedence; null for those in <c>KUBECONFIG</c>, or else
    /// <c>~/.kube/config</c>.
    /// </summary>
    public IReadOnlyList<string>? Files { get; init; }

    /// <summary>The name of the context; null for the current one.</summary>
    public string? Context { get; init; }

    /// <summary>
    /// Whether programs that the files name may run. Set it to false for untrusted files, since a file can name any
    /// program.
    /// </summary>
    public bool AllowExec { get; init; } = true;

    /// <summary>The clock that decides when credentials expire.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>Reads the connection to a cluster from kubeconfig files, as kubectl does.</summary>
public static class KubeConfig
{
    /// <summary>Reads the connection of a context.</summary>
    /// <param name="options">The files and the context; null for the defaults.</param>
    /// <exception cref="ConfigurationException">The files are incomplete or invalid.</exception>
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

    /// <summary>The files in <c>KUBECONFIG</c>, a list like <c>PATH</c>, or else the one in the home folder.</summary>
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
        // Setting both is a mistake, and the insecure setting must not win.
        if (cluster.Values.Flag("insecure-skip-tls-verify") && (data ?? file) is not null)
            throw new ConfigurationException(
                "the cluster names a certificate authority and insecure-skip-tls-verify: only one can be meant"
            );
        if (data is not null)
            return Authorities.FromPem(data);
        return file is null ? null : Authorities.FromFile(file, clock);
    }

    /// <summary>Decodes a base64 field as text; null where it is absent.</summary>
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
        // The address of a proxy may contain a password, so it is not shown.
        var third = more.Length > 0 ? " or socks5://" : "";
        throw new ConfigurationException($"{key} is no address that starts with https://, http://{third}");
    }
}
