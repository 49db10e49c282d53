using Reconciler.Testing;
using Reconciler.Testing.Contract;
using Reconciler.Testing.OpenApi;

namespace Reconciler.Providers.Tests.Contract;

/// <summary>
/// Judges every exchange of a bench by the vendor's specification. Answers that a test broke on purpose are not judged.
/// </summary>
internal sealed class Exchanges
{
    private readonly VendorRow _row;
    private readonly OpenApiDocument? _document;
    private readonly string _baseUrl;
    private OpenApiObserver? _observer;

    private Exchanges(VendorRow row, OpenApiDocument? document, string baseUrl) =>
        (_row, _document, _baseUrl) = (row, document, baseUrl);

    public static Exchanges Of(VendorRow row, string baseUrl) =>
        new(
            row,
            row.Specification is { } path && SharedFiles.Find(path) is { } file ? OpenApiDocument.Load(file) : null,
            baseUrl
        );

    public HttpMessageHandler Around(HttpMessageHandler inner) =>
        _document is null ? inner : _observer = new OpenApiObserver(_document, _baseUrl, inner);

    public void Judge()
    {
        if (_observer is null)
            return;
        var problems = _observer
            .Problems.Where(p => !_row.Deviations.Any(d => d.Explains(p)))
            .Distinct(StringComparer.Ordinal)
            .ToList();
        Assert.True(problems.Count == 0, string.Join('\n', problems.Take(10)));
    }
}
