namespace Reconciler.Kubernetes.Configuration;

/// <summary>
/// A credential in files that another process renews: a token (every hour in a pod), or a client's certificate and key.
/// The files are read again every minute, and after a 401. Where they cannot be read, the previous credential stays in
/// use, since a file is briefly missing while it is replaced.
/// </summary>
internal sealed class FileCredential(
    IReadOnlyList<string> files,
    Func<IReadOnlyList<string>, Credential> parse,
    TimeProvider clock
) : ICredentialSource
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private IReadOnlyList<string> _texts = [];
    private Credential? _current;
    private long _readAt;
    private bool _refused;

    /// <summary>Creates a credential from a file with a bearer token.</summary>
    public static FileCredential Token(string file, TimeProvider clock) =>
        new([file], texts => Credential.Bearer(texts[0].Trim()), clock);

    /// <summary>Creates a credential from two files, with a client's certificate and its key.</summary>
    public static FileCredential Certificate(string certificate, string key, TimeProvider clock) =>
        new([certificate, key], texts => new() { Certificates = Pem.ClientCertificates(texts[0], texts[1]) }, clock);

    public ValueTask<Credential> GetAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_current is null || _refused || clock.GetElapsedTime(_readAt) >= Fresh)
                Read();
            return ValueTask.FromResult(_current!);
        }
    }

    public bool Refuse(Credential refused)
    {
        lock (_gate)
        {
            _refused |= ReferenceEquals(refused, _current);
            return true;
        }
    }

    private void Read()
    {
        try
        {
            var texts = files.Select(ReadFile).ToList();
            if (_current is null || !texts.SequenceEqual(_texts, StringComparer.Ordinal))
                (_current, _texts) = (parse(texts), texts);
            (_readAt, _refused) = (clock.GetTimestamp(), false);
        }
        catch (ConfigurationException) when (_current is not null)
        {
            _readAt = clock.GetTimestamp();
        }
    }

    private static string ReadFile(string file)
    {
        try
        {
            var text = File.ReadAllText(file);
            return string.IsNullOrWhiteSpace(text) ? throw new ConfigurationException($"{file} is empty") : text;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{file} cannot be read: {failed.Message}", failed);
        }
    }
}
