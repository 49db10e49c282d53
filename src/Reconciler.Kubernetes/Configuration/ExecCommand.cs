using System.Text.Json.Nodes;

namespace Reconciler.Kubernetes.Configuration;

/// <summary>
/// The cluster, in the form in which an exec plugin receives it, where the kubeconfig sets <c>provideClusterInfo</c>.
/// </summary>
internal sealed record ClusterInfo(JsonObject Json)
{
    public static ClusterInfo Of(ClusterConnection connection, NamedEntry cluster)
    {
        var authority =
            cluster.Values.Text("certificate-authority-data")
            ?? (
                cluster.File("certificate-authority") is { } file
                    ? Convert.ToBase64String(File.ReadAllBytes(file))
                    : null
            );
        return new(
            new JsonObject
            {
                ["server"] = cluster.Values.Text("server"),
                ["tls-server-name"] = connection.TlsServerName,
                ["insecure-skip-tls-verify"] = connection.SkipTlsVerify,
                ["certificate-authority-data"] = authority,
                ["proxy-url"] = cluster.Values.Text("proxy-url"),
            }
        );
    }
}

/// <summary>A program that prints credentials, as a file and arguments. It never runs in a shell.</summary>
internal sealed record ExecCommand(
    string User,
    string ApiVersion,
    string File,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Variables
)
{
    private static readonly string[] Versions =
    [
        "client.authentication.k8s.io/v1",
        "client.authentication.k8s.io/v1beta1",
    ];

    /// <summary>How to install the program, as the kubeconfig states it; null where it does not.</summary>
    public string? InstallHint { get; init; }

    public static ExecCommand Of(string user, YamlMapping exec, string folder, ClusterInfo cluster)
    {
        var version = exec.Text("apiVersion");
        if (!Versions.Contains(version, StringComparer.Ordinal))
        {
            throw new ConfigurationException(
                $"the user \"{user}\" wants a program run that speaks "
                    + $"{version ?? "no apiVersion"}; expected {string.Join(" or ", Versions)}"
            );
        }

        if (exec.Text("interactiveMode") == "Always")
            throw new ConfigurationException(
                $"the user \"{user}\" wants a program run that asks questions; there is nobody to answer"
            );
        var command =
            exec.Text("command")
            ?? throw new ConfigurationException($"the user \"{user}\" wants a program run and names no command");
        // As for kubectl, the last of two values of a variable is meant.
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var one in exec.Mappings("env"))
        {
            if (one.Text("name") is { } name)
                variables[name] = one.Text("value") ?? "";
        }

        var told = exec.Flag("provideClusterInfo") ? cluster : null;
        variables["KUBERNETES_EXEC_INFO"] = Request(version!, told).ToJsonString();
        return new(user, version!, Resolve(command, folder), exec.Texts("args"), variables)
        {
            InstallHint = exec.Text("installHint"),
        };
    }

    private static JsonObject Request(string version, ClusterInfo? cluster)
    {
        var spec = new JsonObject { ["interactive"] = false };
        if (cluster is not null)
            spec["cluster"] = cluster.Json.DeepClone();
        return new JsonObject
        {
            ["kind"] = "ExecCredential",
            ["apiVersion"] = version,
            ["spec"] = spec,
        };
    }

    // A name is searched in PATH only. The runtime would search the current folder first, where anybody may have put a
    // program with that name.
    private static string Resolve(string command, string folder)
    {
        if (command.AsSpan().ContainsAny('/', Path.DirectorySeparatorChar))
            return Path.GetFullPath(command, folder);
        string[] endings = OperatingSystem.IsWindows() ? ["", ".exe", ".cmd", ".bat"] : [""];
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return folders
                .Where(Path.IsPathFullyQualified)
                .SelectMany(_ => endings, (path, ending) => Path.Combine(path, command + ending))
                .FirstOrDefault(System.IO.File.Exists)
            ?? command;
    }
}
