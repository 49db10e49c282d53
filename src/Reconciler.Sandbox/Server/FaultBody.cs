using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Sandbox.Faults;

namespace Reconciler.Sandbox.Server;

/// <summary>
/// Reads a fault in a control call: the fields of <see cref="Fault"/>, with the delay in milliseconds.
/// </summary>
internal sealed class FaultBody
{
    private static readonly Fault Defaults = new(FaultKind.Delay);

    [JsonRequired]
    public FaultKind Kind { get; set; }

    public string? Connection { get; set; }

    public string? Method { get; set; }

    public string? Path { get; set; }

    public string? Body { get; set; }

    public int Skip { get; set; }

    public int? Times { get; set; } = Defaults.Times;

    public int DelayMs { get; set; }

    public int Status { get; set; } = Defaults.Status;

    public string Content { get; set; } = Defaults.Content;

    public string ContentType { get; set; } = Defaults.ContentType;

    public string? RetryAfter { get; set; }

    public string Origin { get; set; } = Defaults.Origin;

    public int Readings { get; set; } = Defaults.Readings;

    public static Fault Parse(ReadOnlySpan<byte> json)
    {
        var body =
            JsonSerializer.Deserialize(json, FaultBodyContext.Default.FaultBody)
            ?? throw new JsonException("a fault is an object");
        if (body.Status is < 200 or > 599)
            throw new JsonException("'status' must be between 200 and 599");
        if (body.Readings is < 0 or > 1000)
            throw new JsonException("'readings' must be between 0 and 1000");
        return new(body.Kind)
        {
            Connection = body.Connection,
            Method = body.Method,
            Path = body.Path,
            Body = body.Body,
            Skip = body.Skip,
            Times = body.Times,
            Delay = TimeSpan.FromMilliseconds(body.DelayMs),
            Status = body.Status,
            Content = body.Content,
            ContentType = body.ContentType,
            RetryAfter = body.RetryAfter,
            Origin = body.Origin,
            Readings = body.Readings,
        };
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(CamelCaseKind)]
)]
[JsonSerializable(typeof(FaultBody))]
internal sealed partial class FaultBodyContext : JsonSerializerContext;

internal sealed class CamelCaseKind()
    : JsonStringEnumConverter<FaultKind>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
