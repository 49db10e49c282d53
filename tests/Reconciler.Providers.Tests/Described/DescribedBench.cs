using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Manifests.Loading;
using Reconciler.Testing.Providers.Http;
using Reconciler.Testing.Sources;

namespace Reconciler.Providers.Tests.Described;

/// <summary>A vendor that a definition describes, with a server that gives answers in turn.</summary>
internal sealed class DescribedBench : IAsyncDisposable
{
    public const string Token = "d3scribed-t0ken";

    private readonly StubVendor _server;
    private readonly Vendor _vendor;
    private readonly ProviderConnection _connection;

    /// <param name="definition">What stands below <c>spec</c> besides the title and the token.</param>
    /// <param name="answers">The answers, in turn.</param>
    public DescribedBench(string definition, params string[] answers)
        : this(definition, TimeProvider.System, answers) { }

    public DescribedBench(string definition, TimeProvider clock, params string[] answers)
    {
        _server = new(answers);
        _vendor = Read(definition);
        _connection = ProviderCatalog.Connect(
            _vendor,
            new(_server.Url, _ => ValueTask.FromResult(Token)) { Backoff = TimeSpan.FromMilliseconds(1), Clock = clock }
        );
    }

    /// <summary>Method, path and query of each request.</summary>
    public IEnumerable<string> Lines => _server.Requests.Select(r => r.Split(" HTTP/")[0]);

    /// <summary>The requests as they came.</summary>
    public IReadOnlyList<string> Requests => [.. _server.Requests];

    public Task<ImmutableArray<NamedPlace>> ProjectsAsync() => _connection.Directory!.ListAsync(CancellationToken.None);

    public Task<LiveProject> ReadAsync(string? actingAs = null, params (string Email, string[] Words)[] declared) =>
        _connection.Reader.ReadAsync(Project(actingAs, declared), CancellationToken.None);

    public Task<WriteResult> ApplyAsync(ActionKind kind, LiveMember? member, string field, params string[] words) =>
        _connection
            .Writer()
            .ApplyAsync(
                Project(null, []),
                [
                    new(kind, Phase.Grant, Person("ana+x@example.com"), "test")
                    {
                        Email = "ana+x@example.com",
                        Member = member,
                        Access = Access(field, words),
                    },
                ],
                CancellationToken.None
            );

    public DesiredAccess Access(string field, params string[] words) =>
        new(Core.Membership.Access.Of(words.Select(w => _vendor.Access.Grant(field, w))), [field]);

    public async ValueTask DisposeAsync()
    {
        _connection.Dispose();
        await _server.DisposeAsync();
    }

    public static string Json(string body, params string[] headers) => StubVendor.Json(200, body, headers);

    private DesiredProject Project(string? actingAs, (string Email, string[] Words)[] declared)
    {
        var provider = new DesiredProvider("default/acme", _vendor, _server.Url, null!)
        {
            Actor = actingAs is null ? [] : [actingAs],
        };
        return new(
            "default/p",
            provider,
            "p-1",
            [
                .. declared.Select(d => new DesiredMember(
                    Person(d.Email),
                    Access(_vendor.Access.Fields[0].Name, d.Words),
                    []
                )),
            ]
        );
    }

    private static PersonIdentity Person(string email) => new(EmailAddress.KeyOf(email), EmailAddress.Parse(email));

    private static Vendor Read(string definition)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder["acme.yaml"],
            $$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: VendorDefinition
            metadata: {name: acme}
            spec:
              title: Acme
              token: {header: X-Key}
            {{definition}}
            """
        );
        var problems = new Problems();
        var vendors = VendorFolder.Read(new([]) { Vendors = "acme.yaml", Folder = folder.Path }, [], problems);
        Assert.Empty(problems.Sorted);
        return Assert.Single(vendors);
    }
}
