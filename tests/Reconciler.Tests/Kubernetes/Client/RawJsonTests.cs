using System.Text;
using System.Text.Json.Nodes;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Tests.Kubernetes.Client;

public sealed class RawJsonTests
{
    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("Zoë 😀 👩‍🚀", "\"Zoë 😀 👩‍🚀\"")]
    [InlineData("\\uD83D\\uDE00", "\"\\\\uD83D\\\\uDE00\"")]
    [InlineData("\\😀\"", "\"\\\\😀\\\"\"")]
    [InlineData("a\u2028b\u0085c\u007fd\n", "\"a\\u2028b\\u0085c\\u007Fd\\n\"")]
    [InlineData("\ue000\ufeff", "\"\\uE000\\uFEFF\"")]
    public void Text_is_written_so_that_JSON_and_YAML_read_the_same(string text, string expected)
    {
        var written = Encoding.UTF8.GetString(RawJson.Write(new JsonObject { ["a"] = text }, KubernetesJson.Default.JsonObject).Span);
        Assert.Equal($"{{\"a\":{expected}}}", written);
        Assert.Equal(text, (string)JsonNode.Parse(written)!["a"]!);
    }

    [Fact]
    public void Half_a_character_becomes_the_one_that_says_so() =>
        Assert.DoesNotContain("\\uD8", Encoding.UTF8.GetString(RawJson.Write(new JsonObject { ["a"] = "x\ud83d" }, KubernetesJson.Default.JsonObject).Span), StringComparison.Ordinal);

    [Fact]
    public void What_was_read_with_escapes_is_written_without() =>
        Assert.Equal("{\"😀\":\"😀\"}", Encoding.UTF8.GetString(RawJson.Write(JsonNode.Parse("{\"\\ud83d\\ude00\":\"\\ud83d\\ude00\"}")!.AsObject(), KubernetesJson.Default.JsonObject).Span));
}
