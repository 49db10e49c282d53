using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Shapes;
using Reconciler.Core.Manifests.Values;
using Reconciler.Hosting;

namespace Reconciler.Worker.Settings;

/// <summary>What a worker does, as its settings file, the environment and the command line say together.</summary>
public sealed partial class WorkerSettings : ManifestPart
{
    /// <summary>Where the manifests come from.</summary>
    public required SourceSettings Source { get; init; }

    /// <summary>
    /// The state: who is owned, which mails were sent, what was done. A file, which only one worker uses, or
    /// <c>postgres://user@host/db</c>, which many may share.
    /// </summary>
    [Default(".reconciler/state.db")]
    [Text(Example = "/var/lib/reconciler/state.db")]
    public string? State { get; init; }

    /// <summary>The folder below which manifests may name files with tokens.</summary>
    [Default("none: manifests may name no file")]
    [Text(Example = "/run/secrets/reconciler")]
    public string? SecretsDir { get; init; }

    /// <summary>A file or folder with Guardrails of the runner, which no manifest can relax.</summary>
    [Text(Example = "/etc/reconciler/guardrails.yaml")]
    public string? Guardrails { get; init; }

    /// <summary>
    /// A file or folder with Approvals of the runner, each of which releases one hold, once; looked at as often as the
    /// source.
    /// </summary>
    [Text(Example = "/etc/reconciler/approvals")]
    public string? Approvals { get; init; }

    /// <summary>A file or folder with the only AccessProviders; among the manifests they are refused then.</summary>
    [Text(Example = "/etc/reconciler/connections.yaml")]
    public string? Connections { get; init; }

    /// <summary>
    /// A file or folder with VendorDefinitions, for vendors that the program does not know by itself.
    /// </summary>
    [Text(Example = "/etc/reconciler/vendors")]
    public string? Vendors { get; init; }

    /// <summary>Vendors of the program that VendorDefinitions of the same names replace.</summary>
    [Text(Example = "clarifeye")]
    public IReadOnlyList<string>? OverrideVendors { get; init; }

    /// <summary>
    /// The most removals per hour and account, which no manifest can relax; <c>none</c> lifts the built-in limits.
    /// </summary>
    [Text(Pattern = "^([0-9]{1,9}|none)$", Expected = "a whole number or none", Example = "10")]
    public string? MaxRemovals { get; init; }

    /// <summary>Hosts that tokens may go to, besides the vendors' published ones.</summary>
    [Text(Example = "acme.gorules.example")]
    public IReadOnlyList<string>? AllowHosts { get; init; }

    /// <summary>Environment variables that manifests may name, besides <c>RECONCILER_*</c>.</summary>
    [Text(Example = "CLARIFEYE_TOKEN")]
    public IReadOnlyList<string>? AllowEnv { get; init; }

    /// <summary>Where AccessProviders are, by their names, whatever their manifests say.</summary>
    [Text(Example = "http://127.0.0.1:8765/clarifeye-eu/api/v1")]
    public IReadOnlyDictionary<string, string>? BaseUrls { get; init; }

    /// <summary>Patterns of files and folders to leave out, as in .gitignore.</summary>
    [Text(Example = "drafts/")]
    public IReadOnlyList<string>? Exclude { get; init; }

    /// <summary>
    /// Whether a revision without a manifest is taken over. Otherwise the last good one stays in force.
    /// </summary>
    [Default("false")]
    public bool? AllowEmpty { get; init; }

    /// <summary>Health, readiness and metrics.</summary>
    public OperationsSection? Operations { get; init; }

    /// <summary>The status page. It shows addresses.</summary>
    public StatusSection? Status { get; init; }

    /// <summary>What GitHub or GitLab calls after a push.</summary>
    public WebhookSection? Webhook { get; init; }

    /// <summary>Who is told about held plans, failures and invitations that were given up.</summary>
    [MaxItems(16)]
    public IReadOnlyList<NotificationSection>? Notifications { get; init; }

    /// <summary>Where metrics and traces go by OTLP.</summary>
    public TelemetrySection? Telemetry { get; init; }

    /// <summary>How it logs.</summary>
    public LogSection? Log { get; init; }
}

/// <summary>Where the manifests come from.</summary>
[ExactlyOne("git", "folder")]
public sealed partial class SourceSettings : ManifestPart
{
    /// <summary>A git repository.</summary>
    public GitSection? Git { get; init; }

    /// <summary>A folder of this machine.</summary>
    public FolderSection? Folder { get; init; }
}

/// <summary>A git repository.</summary>
[AtMostOne("branch", "tag")]
[AtMostOne("tokenFile", "sshKeyFile")]
public sealed partial class GitSection : ManifestPart
{
    /// <summary>Its address, by https or ssh, without credentials.</summary>
    [Text(Example = "https://github.com/example/access.git", Expected = "a git address")]
    public required string Url { get; init; }

    /// <summary>The branch to follow.</summary>
    [Default("the repository's default branch")]
    [Text(MaxLength = 255, Example = "main")]
    public string? Branch { get; init; }

    /// <summary>The tag to follow, also where it moves.</summary>
    [Text(MaxLength = 255, Example = "production")]
    public string? Tag { get; init; }

    /// <summary>The folder of the repository with the manifests.</summary>
    [Default("its root")]
    [Text(Example = "access")]
    public string? Path { get; init; }

    /// <summary>How often it is asked; a webhook makes it sooner.</summary>
    [AtLeast("10s")]
    [Default("1m")]
    public Duration? Interval { get; init; }

    /// <summary>A file with the token for https; read at each fetch.</summary>
    [Text(Example = "/run/secrets/git/token")]
    [Secret]
    public string? TokenFile { get; init; }

    /// <summary>The user name that goes with the token.</summary>
    [Default("git")]
    [Text(MaxLength = 255, Example = "oauth2")]
    public string? Username { get; init; }

    /// <summary>A file with the private key for ssh.</summary>
    [Text(Example = "/run/secrets/git/id_ed25519")]
    [Secret]
    public string? SshKeyFile { get; init; }

    /// <summary>A file with the host keys that ssh may meet; needed for ssh.</summary>
    [Text(Example = "/etc/reconciler/known_hosts")]
    public string? KnownHostsFile { get; init; }

    /// <summary>A file with certificates of authorities (PEM), instead of the system's; for https.</summary>
    [Text(Example = "/etc/reconciler/internal-ca.pem")]
    public string? CaFile { get; init; }

    /// <summary>A file or folder of public keys (SSH or PGP): only commits that one of them signed count.</summary>
    [Default("none: signatures are not looked at")]
    [Text(Example = "/etc/reconciler/signers")]
    public string? VerifyKeys { get; init; }

    /// <summary>Where the copy of the repository is kept; one worker's alone.</summary>
    [Default("the folder .source beside the state file")]
    [Text(Example = "/var/lib/reconciler/source")]
    public string? WorkFolder { get; init; }
}

/// <summary>A folder of this machine.</summary>
public sealed partial class FolderSection : ManifestPart
{
    /// <summary>The folder.</summary>
    [Text(Example = "/etc/reconciler/manifests")]
    public required string Path { get; init; }

    /// <summary>How often it is looked at.</summary>
    [AtLeast("1s", Unit = 's')]
    [Default("10s")]
    public Duration? Interval { get; init; }
}

/// <summary>Health, readiness and metrics.</summary>
public sealed partial class OperationsSection : ManifestPart
{
    /// <summary>The address and port; <c>off</c> for none.</summary>
    [Default("127.0.0.1:8080")]
    [Text(Example = "0.0.0.0:8080")]
    public string? Listen { get; init; }
}

/// <summary>The status page.</summary>
public sealed partial class StatusSection : ManifestPart
{
    /// <summary>The address and port; <c>off</c> for none. Beyond this machine only with a token.</summary>
    [Default("off")]
    [Text(Example = "127.0.0.1:8081")]
    public string? Listen { get; init; }

    /// <summary>A file with the token that readers must give.</summary>
    [Text(Example = "/run/secrets/reconciler/status-token")]
    [Secret]
    public string? TokenFile { get; init; }
}

/// <summary>What GitHub or GitLab calls after a push.</summary>
public sealed partial class WebhookSection : ManifestPart
{
    /// <summary>The address and port.</summary>
    [Text(Example = "0.0.0.0:8082")]
    public required string Listen { get; init; }

    /// <summary>The path.</summary>
    [Default("/webhook")]
    [Text(Pattern = "^/[-A-Za-z0-9._~/]*$", Expected = "a path such as /webhook", Example = "/webhook")]
    public string? Path { get; init; }

    /// <summary>A file with the secret that GitHub signs with, or that GitLab sends.</summary>
    [Text(Example = "/run/secrets/reconciler/webhook")]
    [Secret]
    public required string SecretFile { get; init; }
}

/// <summary>Who is told.</summary>
[ExactlyOne("url", "urlFile")]
public sealed partial class NotificationSection : ManifestPart
{
    /// <summary>Where a JSON message is sent, as Slack's incoming webhooks take it.</summary>
    [Text(
        Pattern = "^https?://[^\\s]+$",
        Expected = "a URL",
        MaxLength = 2048,
        Example = "https://chat.example.com/hooks/access"
    )]
    [Secret]
    public string? Url { get; init; }

    /// <summary>A file with that URL, where the URL itself is a secret.</summary>
    [Text(Example = "/run/secrets/reconciler/slack-url")]
    [Secret]
    public string? UrlFile { get; init; }

    /// <summary>What is told.</summary>
    [Default("everything")]
    [MaxItems(16)]
    public IReadOnlyList<WorkerEventKind>? Events { get; init; }

    /// <summary>Whether addresses stand in the messages, or only their first letters.</summary>
    [Default("false")]
    public bool? ShowEmails { get; init; }
}

/// <summary>Where metrics and traces go.</summary>
public sealed partial class TelemetrySection : ManifestPart
{
    /// <summary>The OTLP endpoint.</summary>
    [Text(
        Pattern = "^https?://[^\\s]+$",
        Expected = "a URL such as http://collector:4318",
        Example = "http://collector:4318"
    )]
    public required string Endpoint { get; init; }

    /// <summary>How it is spoken to.</summary>
    [Default("http")]
    public TelemetryProtocol? Protocol { get; init; }
}

/// <summary>How OTLP is spoken.</summary>
public enum TelemetryProtocol
{
    /// <summary>HTTP with protobuf, on port 4318.</summary>
    Http,

    /// <summary>gRPC, on port 4317.</summary>
    Grpc,
}
