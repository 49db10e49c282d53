using System.Text.Json;

namespace Reconciler.Kubernetes.Configuration;

/// <summary>
/// Reads credentials that a program prints (client.authentication.k8s.io). The program runs again when they expire, and
/// after a 401.
/// </summary>
internal sealed class ExecPlugin(ExecCommand command, TimeProvider clock) : ICredentialSource
{
    private readonly Lock _gate = new();
    private Printed? _current;
    private Task<Printed>? _running;

    public async ValueTask<Credential> GetAsync(CancellationToken cancellation)
    {
        Task<Printed> running;
        lock (_gate)
        {
            if (_current is { } known && (known.Expires is not { } at || clock.GetUtcNow() < at))
                return known.Credential;
            // Requests that wait for the same credential share one run of the program, and none of them may cancel it
            // for the others.
            running = _running ??= RunAsync();
        }

        return (await running.WaitAsync(cancellation)).Credential;
    }

    public bool Refuse(Credential refused)
    {
        lock (_gate)
        {
            if (_current?.Credential == refused)
                _current = null;
            return true;
        }
    }

    private async Task<Printed> RunAsync()
    {
        // The program must not run while the caller holds the lock.
        await Task.Yield();
        Printed? printed = null;
        try
        {
            return printed = Read(await ExecProcess.RunAsync(command, clock, CancellationToken.None));
        }
        finally
        {
            lock (_gate)
                (_current, _running) = (printed, null);
        }
    }

    private Printed Read(ReadOnlyMemory<byte> output)
    {
        try
        {
            using var json = JsonDocument.Parse(output);
            var root = json.RootElement;
            if (Text(root, "kind") != "ExecCredential" || Text(root, "apiVersion") != command.ApiVersion)
            {
                throw Wrong(
                    $"printed {Text(root, "kind")} of {Text(root, "apiVersion")}; "
                        + $"expected ExecCredential of {command.ApiVersion}"
                );
            }

            if (!root.TryGetProperty("status", out var status) || status.ValueKind != JsonValueKind.Object)
                throw Wrong("printed no status");
            var token = Text(status, "token");
            var (certificate, key) = (Text(status, "clientCertificateData"), Text(status, "clientKeyData"));
            if ((token ?? certificate) is null)
                throw Wrong("printed neither a token nor a certificate");
            if (certificate is null != key is null)
                throw Wrong("printed a certificate or a key without the other");
            return new(
                new()
                {
                    Authorization = token is null ? null : $"Bearer {token}",
                    Certificates = certificate is null ? null : Pem.ClientCertificates(certificate, key!),
                },
                Text(status, "expirationTimestamp") is { } at ? MicroTime.Parse(at) : null
            );
        }
        catch (Exception broken) when (broken is JsonException or FormatException or InvalidOperationException)
        {
            throw Wrong("printed something that is no ExecCredential");
        }
    }

    private ConfigurationException Wrong(string what) =>
        new($"the program {command.File} of the user \"{command.User}\" {what}");

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 } text
            ? text
            : null;

    private sealed record Printed(Credential Credential, DateTimeOffset? Expires);
}
