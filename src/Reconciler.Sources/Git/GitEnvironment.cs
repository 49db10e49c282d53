using System.Globalization;
using System.Text;
using Reconciler.Core.Text;
using Reconciler.Manifests;
using Reconciler.Manifests.Files;

namespace Reconciler.Sources.Git;

/// <summary>
/// Builds the environment of git: no configuration of the machine or the user, no prompts, no hooks, one protocol.
/// Configuration is passed in variables, which only the same user can read; arguments are visible to everybody, and a
/// file would store a token.
/// </summary>
internal sealed class GitEnvironment
{
    private static readonly string[] Passed = ["PATH", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR"];

    private static readonly (string Key, string Value)[] Fixed =
    [
        ("core.hooksPath", "/dev/null"),
        ("core.fsmonitor", "false"),
        ("core.attributesFile", "/dev/null"),
        ("core.askPass", ""),
        ("core.protectHFS", "true"),
        ("core.protectNTFS", "true"),
        ("credential.helper", ""),
        ("transfer.fsckObjects", "true"),
        ("fetch.fsckObjects", "true"),
        ("fetch.recurseSubmodules", "false"),
        ("submodule.recurse", "false"),
        // A redirect could send the token to another host.
        ("http.followRedirects", "false"),
        ("log.showSignature", "false"),
        // Always store a pack, because unpacking objects holds them in memory.
        ("fetch.unpackLimit", "1"),
        // Objects that are no longer needed are deleted at once: old shallow commits are of no use.
        ("gc.auto", "1000"),
        ("gc.autoPackLimit", "20"),
        ("gc.autoDetach", "false"),
        ("gc.pruneExpire", "now"),
        ("gc.reflogExpire", "now"),
    ];

    private readonly Dictionary<string, string> _variables;
    private readonly List<(string Key, string Value)> _configuration = [.. Fixed];
    private readonly List<string> _secrets = [];

    private GitEnvironment(string home, string repository)
    {
        _variables = new(StringComparer.Ordinal)
        {
            ["HOME"] = home,
            ["XDG_CONFIG_HOME"] = home,
            ["LC_ALL"] = "C",
            ["GIT_DIR"] = repository,
            ["GIT_CONFIG_NOSYSTEM"] = "1",
            ["GIT_CONFIG_SYSTEM"] = "/dev/null",
            ["GIT_CONFIG_GLOBAL"] = "/dev/null",
            ["GIT_ATTR_NOSYSTEM"] = "1",
            ["GIT_TERMINAL_PROMPT"] = "0",
            ["GIT_NO_REPLACE_OBJECTS"] = "1",
            ["GIT_LFS_SKIP_SMUDGE"] = "1",
            // No protocol is allowed unless one is added below.
            ["GIT_ALLOW_PROTOCOL"] = "",
        };
        foreach (var name in Passed)
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
                _variables[name] = value;
        }
    }

    /// <summary>Texts that must never appear in a message.</summary>
    public IReadOnlyList<string> Secrets => _secrets;

    /// <summary>The environment variables.</summary>
    public IReadOnlyDictionary<string, string> Variables
    {
        get
        {
            var all = new Dictionary<string, string>(_variables, StringComparer.Ordinal)
            {
                ["GIT_CONFIG_COUNT"] = _configuration.Count.ToString(CultureInfo.InvariantCulture),
            };
            for (var i = 0; i < _configuration.Count; i++)
            {
                all[string.Create(CultureInfo.InvariantCulture, $"GIT_CONFIG_KEY_{i}")] = _configuration[i].Key;
                all[string.Create(CultureInfo.InvariantCulture, $"GIT_CONFIG_VALUE_{i}")] = _configuration[i].Value;
            }

            return all;
        }
    }

    /// <summary>
    /// Returns the environment for reading the user's own checkout: their configuration applies, and git runs, fetches
    /// and writes nothing.
    /// </summary>
    public static IReadOnlyDictionary<string, string> OfCheckout()
    {
        var environment = new GitEnvironment("/", "").With(
            [("blame.ignoreRevsFile", ""), ("core.pager", "cat"), ("color.ui", "false")],
            [("GIT_OPTIONAL_LOCKS", "0"), ("GIT_NO_LAZY_FETCH", "1")]
        );
        var variables = new Dictionary<string, string>(environment.Variables, StringComparer.Ordinal);
        foreach (
            var name in (string[])
                ["GIT_DIR", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_GLOBAL", "HOME", "XDG_CONFIG_HOME"]
        )
            variables.Remove(name);
        // The user's configuration is needed, because safe.directory in it allows reading the folder.
        foreach (var name in (string[])["HOME", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL"])
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
                variables[name] = value;
        }

        return variables;
    }

    /// <summary>Returns the environment for work on the local copy: no protocol, no credentials.</summary>
    public static GitEnvironment Local(string home, string repository) => new(home, repository);

    /// <summary>
    /// Returns the environment for a fetch. Token and key are read each time, so that a rotated file is used at once.
    /// </summary>
    /// <exception cref="SourceException">A file cannot be read.</exception>
    public static GitEnvironment Remote(string home, string repository, GitSettings settings, GitAddress address)
    {
        var environment = new GitEnvironment(home, repository)
        {
            _variables = { ["GIT_ALLOW_PROTOCOL"] = address.Scheme },
        };
        if (GitProxy.Of(address) is { } proxy)
        {
            // Git's own reading of NO_PROXY differs from that of the process, which has decided already.
            environment._variables["https_proxy"] = proxy.Address;
            environment._secrets.AddRange(proxy.Secrets);
        }

        if (settings.CaFile is { } authorities)
            environment._configuration.Add(("http.sslCAInfo", Existing("the file of authorities", authorities)));
        if (settings.TokenFile is { } file)
            environment.Authorize(address, settings.UserName, Token(file));
        if (settings is { SshKeyFile: { } key, KnownHostsFile: { } hosts })
            environment._variables["GIT_SSH_COMMAND"] = SshCommand(
                Existing("the SSH key file", key),
                Existing("the known_hosts file", hosts)
            );
        return environment;
    }

    /// <summary>Returns this environment with one more variable or configuration entry.</summary>
    public GitEnvironment With(
        IEnumerable<(string Key, string Value)> configuration,
        IEnumerable<(string Name, string Value)> variables
    )
    {
        _configuration.AddRange(configuration);
        foreach (var (name, value) in variables)
            _variables[name] = value;
        return this;
    }

    // The header is only sent to the scheme, host and port of the address.
    private void Authorize(GitAddress address, string user, string token)
    {
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{token}"));
        _configuration.Add(($"http.{address.Site}/.extraHeader", $"Authorization: Basic {basic}"));
        _secrets.AddRange([token, basic]);
    }

    private const int LongestToken = 64 * 1024;

    private static string Token(string file)
    {
        var path = Existing("the token file", file);
        string text;
        try
        {
            text = UserFile.ReadRegularText(path, LongestToken).Trim();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"the token file {file} cannot be read: {unreadable.Message}", unreadable);
        }

        if (text.Length == 0)
            throw new SourceException($"the token file {file} is empty");
        return text.Any(char.IsControl)
            ? throw new SourceException($"the token file {file} holds more than one line; expected the token alone")
            : text;
    }

    private static string Existing(string what, string file) =>
        FileKinds.Of(file) switch
        {
            FileKind.Regular => System.IO.Path.GetFullPath(file),
            FileKind.Missing => throw new SourceException($"{what} {file} does not exist"),
            var kind => throw new SourceException($"{what} {file} is {kind.Words()}; expected a file"),
        };

    // No configuration, no agent, no other key, no password; an unknown host is refused and never added.
    private static string SshCommand(string key, string hosts)
    {
        string[] options =
        [
            "BatchMode=yes",
            "IdentitiesOnly=yes",
            "IdentityAgent=none",
            "PreferredAuthentications=publickey",
            "StrictHostKeyChecking=yes",
            $"UserKnownHostsFile=\"{hosts}\"",
            "GlobalKnownHostsFile=/dev/null",
            "UpdateHostKeys=no",
            "CheckHostIP=no",
            "ForwardAgent=no",
            "ClearAllForwardings=yes",
            "PermitLocalCommand=no",
            "ControlPath=none",
            "ConnectTimeout=20",
        ];
        // Git runs the command in a shell.
        var asked = options.Select(o => $"-o {ShellText.Word(o)}");
        return $"ssh -F none -i {ShellText.Word(key)} {string.Join(' ', asked)}";
    }
}
