using System.Net;
using Reconciler.Core.Actions;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;
using Reconciler.Testing;
using Reconciler.Testing.Contract;
using Reconciler.Testing.OpenApi;

namespace Reconciler.Providers.Tests.Described;

/// <summary>
/// A definition of <c>vendors/</c> for a server that cannot be had here: answers by request, and the vendor's
/// specification, which judges every request and every answer.
/// </summary>
internal sealed class CatalogueBench : HttpMessageHandler, IAsyncDisposable
{
    private readonly Dictionary<string, (int Status, string Body, string? Link)> _answers = [];
    private readonly Vendor _vendor;
    private readonly string _project;
    private readonly OpenApiObserver _observer;
    private readonly ProviderConnection _connection;
    private readonly Uri _url;

    public CatalogueBench(string name, string specification, string prefix, string project)
    {
        (_vendor, _project) = (DescribedVendors.Of($"vendors/{name}.yaml"), project);
        _url = new(_vendor.PublishedUrls is [.., var last] ? last : "https://acme.example/api");
        var document = OpenApiDocument.Load(SharedFiles.Path(specification.Split('/')));
        _observer = new(document, _url.GetLeftPart(UriPartial.Authority) + prefix, this);
        _connection = ProviderCatalog.Connect(
            _vendor,
            new(_url, _ => ValueTask.FromResult(Token(_vendor))) { Around = _ => _observer }
        );
    }

    /// <summary>What the specification does not say; a test adds what it is about.</summary>
    public List<Deviation> Deviations { get; } =
    [
        new(
            "^GET (/user|/users/new-one|/repos/acme/site|/user/memberships/orgs/acme) → [0-9]+: not documented$",
            "The specifications here have the calls about members alone; these are documented elsewhere."
        ),
        new("repository: must not be null$", "Nothing reads the repository of an invitation, which has forty fields."),
        new(
            "^PUT .*: body: '(reinvite|regenerate)' is not in the schema$",
            "Sentry's own source reads both; its document leaves them out."
        ),
    ];

    /// <summary>Method, path and body of each request that is no GET.</summary>
    public List<string> Writes { get; } = [];

    public void Answer(string request, string body, int status = 200, string? link = null) =>
        _answers[request] = (status, body, link);

    public Task<LiveProject> ReadAsync() => _connection.Reader.ReadAsync(Project, CancellationToken.None);

    public Task<WriteResult> ApplyAsync(ActionKind kind, LiveProject live, string field, params string[] words) =>
        _connection
            .Writer()
            .ApplyAsync(
                Project,
                [
                    new(kind, Phase.Grant, Person, "test")
                    {
                        Email = _vendor.Logins is null ? "new@example.com" : "new-one",
                        Member = kind is ActionKind.Update or ActionKind.Remove ? live.Members[0] : null,
                        Invitation = kind is ActionKind.Resend or ActionKind.Revoke or ActionKind.Replace
                            ? live.Invitations[0]
                            : null,
                        AccountId = live.Accounts.GetValueOrDefault("new-one")?.Id,
                        Access = new(Access.Of(words.Select(w => _vendor.Access.Grant(field, w))), [field]),
                    },
                ],
                CancellationToken.None
            );

    public static IEnumerable<string> Shown(LiveProject live) => live.Members.Select(m => $"{m.Email}: {m.Access}");

    public ValueTask DisposeAsync()
    {
        _connection.Dispose();
        var problems = _observer
            .Problems.Where(p => !Deviations.Exists(d => d.Explains(p)))
            .Distinct(StringComparer.Ordinal)
            .ToList();
        Assert.True(problems.Count == 0, string.Join('\n', problems));
        Assert.NotEmpty(_observer.Checked);
        return ValueTask.CompletedTask;
    }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var asked = $"{request.Method} {request.RequestUri!.PathAndQuery}";
        if (request.Method != HttpMethod.Get)
            Writes.Add($"{asked} {await request.Content!.ReadAsStringAsync(cancellationToken)}");
        if (!_answers.TryGetValue(asked, out var answer))
            throw new InvalidOperationException($"the test has no answer to {asked}");
        var (status, body, link) = answer;
        var response = new HttpResponseMessage((HttpStatusCode)status)
        {
            Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
            RequestMessage = request,
        };
        if (link is not null)
            response.Headers.Add("Link", link);
        return response;
    }

    private static string Token(Vendor vendor) =>
        vendor.Description!.SecondHeader is null ? "a-t0ken-of-acme" : "a-t0ken-of-acme:an-appl1cation-key";

    private PersonIdentity Person =>
        _vendor.Logins is null
            ? new("new@example.com", EmailAddress.Parse("new@example.com"))
            : new("new-one", null) { Login = Login.Parse("new-one") };

    private DesiredProject Project =>
        new("default/p", new("default/acme", _vendor, _url, null!), _project, [new(Person, new(Access.None, []), [])]);
}
