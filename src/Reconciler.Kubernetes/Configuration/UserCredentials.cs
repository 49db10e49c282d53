namespace Reconciler.Kubernetes.Configuration;

/// <summary>
/// Finds the source of credentials of a kubeconfig user. Inline data has precedence over files, <c>tokenFile</c> over
/// <c>token</c>, and a token over an exec plugin. A client's certificate can be combined with each of them.
/// </summary>
internal static class UserCredentials
{
    public static ICredentialSource Of(
        string name,
        NamedEntry user,
        ClusterConnection connection,
        NamedEntry cluster,
        KubeConfigOptions options
    )
    {
        foreach (var refused in (string[])["as", "as-uid", "auth-provider"])
        {
            // Ignoring the field would act as another user than the file names.
            if (user.Values.Text(refused) is not null || user.Values.Mapping(refused) is not null)
                throw new ConfigurationException($"the user \"{name}\" has {refused}, which is not supported");
        }

        var certificate = Certificate(name, user, options.Clock);
        var header = Header(name, user, connection, cluster, options);
        return (certificate, header) switch
        {
            (null, null) => FixedCredential.Anonymous,
            ({ } only, null) => only,
            (null, { } only) => only,
            ({ } one, { } two) => new BothCredentials(one, two),
        };
    }

    private static ICredentialSource? Certificate(string name, NamedEntry user, TimeProvider clock)
    {
        var data = KubeConfig.Data(user, "client-certificate-data");
        var keyData = KubeConfig.Data(user, "client-key-data");
        var (file, keyFile) = (user.File("client-certificate"), user.File("client-key"));
        if ((data ?? file) is null && (keyData ?? keyFile) is null)
            return null;
        if ((data ?? file) is null || (keyData ?? keyFile) is null)
            throw new ConfigurationException(
                $"the user \"{name}\" has a client certificate or a key without the other"
            );
        if (data is not null && keyData is not null)
            return new FixedCredential(new() { Certificates = Pem.ClientCertificates(data, keyData) });
        if (data is null && keyData is null)
            return FileCredential.Certificate(file!, keyFile!, clock);
        return new FileCredential(
            [(data is null ? file : keyFile)!],
            texts => new() { Certificates = Pem.ClientCertificates(data ?? texts[0], keyData ?? texts[0]) },
            clock
        );
    }

    private static ICredentialSource? Header(
        string name,
        NamedEntry user,
        ClusterConnection connection,
        NamedEntry cluster,
        KubeConfigOptions options
    )
    {
        var values = user.Values;
        var (token, login) = (values.Text("token"), values.Text("username"));
        if (login is not null && (token ?? values.Text("tokenFile")) is not null)
            throw new ConfigurationException($"the user \"{name}\" has a token and a user name: only one can be meant");
        if (user.File("tokenFile") is { } file)
            return FileCredential.Token(file, options.Clock);
        if (token is not null)
            return new FixedCredential(Credential.Bearer(token));
        if (login is not null)
            return new FixedCredential(Credential.Basic(login, values.Text("password") ?? ""));
        if (values.Mapping("exec") is not { } exec)
            return null;
        if (!options.AllowExec)
            throw new ConfigurationException($"the user \"{name}\" wants a program run, which is not allowed here");
        var command = ExecCommand.Of(name, exec, user.Folder, ClusterInfo.Of(connection, cluster));
        return new ExecPlugin(command, options.Clock);
    }

    /// <summary>Combines a certificate from one source with a header from another.</summary>
    private sealed class BothCredentials(ICredentialSource certificate, ICredentialSource header) : ICredentialSource
    {
        private volatile Pair? _last;

        public async ValueTask<Credential> GetAsync(CancellationToken cancellation)
        {
            var (one, two) = (await certificate.GetAsync(cancellation), await header.GetAsync(cancellation));
            if (_last is { } last && last.One == one && last.Two == two)
                return last.Both;
            var certificates = one.Certificates ?? two.Certificates;
            var pair = new Pair(one, two, new() { Authorization = two.Authorization, Certificates = certificates });
            _last = pair;
            return pair.Both;
        }

        public bool Refuse(Credential refused)
        {
            // The refused credential was replaced meanwhile, so the request can be repeated.
            if (_last is not { } last || last.Both != refused)
                return true;
            var (one, two) = (certificate.Refuse(last.One), header.Refuse(last.Two));
            return one || two;
        }

        private sealed record Pair(Credential One, Credential Two, Credential Both);
    }
}
