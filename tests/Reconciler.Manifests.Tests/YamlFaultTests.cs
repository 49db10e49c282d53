using Reconciler.Testing.Sources;

namespace Reconciler.Manifests.Tests;

/// <summary>
/// What is said of text that is not YAML: our own words, at the line that a person must mend, and nothing of the text
/// itself.
/// </summary>
public sealed class YamlFaultTests
{
    // Files that people wrote wrong, each with one fault.
    private const string TabYaml =
        "apiVersion: reconciler.dev/v1alpha1\nkind: Team\nmetadata:\n  name: t\nspec:\n  members:\n"
        + "  - email: ana@example.com\n\t- email: bob@example.com\n";

    private const string HelmYaml =
        "apiVersion: reconciler.dev/v1alpha1\nkind: Team\nmetadata: {name: t}\nspec:\n"
        + "{{- if .Values.people }}\n  members: []\n{{- end }}\n";

    private const string Helm = "looks like a Helm template; render it first, and give what came of it";
    private const string Jinja = "looks like a Jinja template; render it first, and give what came of it";
    private const string Conflict =
        "a merge conflict of git begins here; settle it, and delete the lines with <<<<<<<, ======= and >>>>>>>";
    private const string ConflictRest =
        "is left of a merge conflict of git; settle it, and delete the lines with <<<<<<<, ======= and >>>>>>>";
    private const string Odd =
        "is not YAML: this line is neither \"key: value\" nor an entry of a list that begins with a dash";

    public static TheoryData<string, string> Texts =>
        new()
        {
            { TabYaml, "8:1: a tab indents this line; YAML takes spaces" },
            { "a:\n\tb: c\n", "2:1: a tab indents this line; YAML takes spaces" },
            { "a:\n  b: c\n  \td: e\n", "3:3: a tab indents this line; YAML takes spaces" },
            { "a: |\n\tx\n", "2:1: a tab indents this line; YAML takes spaces" },
            { "# x\n---\na:\n  - b\n\t- c\n", "5:1: a tab indents this line; YAML takes spaces" },
            { HelmYaml, $"5:1: {Helm}" },
            { "a: {{ .Values.x }}\nb: c\n", $"1:1: {Helm}" },
            { "metadata: {name: {{ .Release.Name }}}\n", $"1:1: {Helm}" },
            { "a:\n  {{- toYaml .Values.x | nindent 2 }}\n", $"2:3: {Helm}" },
            { "a:\n{{- range $p := .Values.people }}\n- {email: b}\n{{- end }}\n", $"2:1: {Helm}" },
            { "{{/* a comment */}}\na: b\n", $"1:1: {Helm}" },
            { "{{ include \"x\" . }}\n", $"1:1: {Helm}" },
            { "{% if x %}\na: b\n{% endif %}\n", $"1:1: {Jinja}" },
            { "a:\n{%- for p in people %}\n- {email: b}\n{%- endfor %}\n", $"2:1: {Jinja}" },
            { "a: {{ name }}\n", "1:1: looks like a template; render it first, and give what came of it" },
            { "a: b\n<%= x %>\nc: d\n", "2:1: looks like an ERB template; render it first, and give what came of it" },
            { "a: b\n<<<<<<< HEAD\nc: d\n=======\nc: e\n>>>>>>> other\n", $"2:1: {Conflict}" },
            { "a:\n- x\n<<<<<<< HEAD\n- y\n||||||| base\n- w\n=======\n- z\n>>>>>>> other\n", $"3:1: {Conflict}" },
            { "a: b\n>>>>>>> other\nc: d\n", $"2:1: {ConflictRest}" },
            { "a: b\n||||||| base\nc: d\n", $"2:1: {ConflictRest}" },
            { "a:\n  b: c\n  <<<<<<< HEAD\n  d: e\n  >>>>>>> other\n", $"3:1: {Conflict}" },
            { "a: \"b\nc: d\n", "1:4: is not YAML: this quote is never closed; expected another \" after the text" },
            {
                "a: b\nc: 'd\ne: f\n",
                "2:4: is not YAML: this quote is never closed; expected another ' after the text"
            },
            { "a: [b, c\nd: e\n", "1:4: is not YAML: this [ is never closed; expected ] after the last entry" },
            {
                "a:\n  - {email: b, role: x\n  - {email: c}\n",
                "2:5: is not YAML: this { is never closed; expected } after the last entry"
            },
            {
                "spec: {members: [{email: b}]\n",
                "1:7: is not YAML: this { is never closed; expected } after the last entry"
            },
            { "a: [b]]\nc: d\n", "1:7: is not YAML: text follows the closing ]; expected the end of the line" },
            { "a: [b}\nc: d\n", "1:6: is not YAML: this } closes the [ of line 1; expected ]" },
            { "a: ]\n", "1:4: is not YAML: this ] closes nothing; delete it, or open it before" },
            {
                "a: 'it's'\nb: c\n",
                "1:4: is not YAML: text follows the closing ' of this text; write a ' inside it as '', or quote all of it"
            },
            {
                "a: \"x\" y\n",
                "1:4: is not YAML: text follows the closing \" of this text; write a \" inside it as \\\", or quote all of it"
            },
            {
                "a: b\n c: d\n",
                "2:2: is not YAML: this line is indented below line 1, which has a value already; expected the same indentation"
            },
            {
                "a:\n    b: c\n  d: e\n",
                "3:3: is not YAML: the indentation of this line fits none of the lines above it; expected that of its neighbours"
            },
            {
                "a: b\n- c\n",
                "2:1: is not YAML: this list entry stands where a key is expected; "
                    + "check the indentation of this line and the ones before it"
            },
            { "a: b: c\n", "1:5: is not YAML: a second colon stands in this line; put the value in quotes" },
            { "a:b\nc: d\n", "1:1: is not YAML: a space is missing after the colon" },
            { "a: b\nd:e\nf: g\n", "2:1: is not YAML: a space is missing after the colon" },
            { "a:\n  -b\n  -c: d\n", "2:3: is not YAML: a space is missing after the dash" },
            { "a\nb: c\n", $"1:1: {Odd}" },
            { "a:\n- b\nc\nd: e\n", $"3:1: {Odd}" },
            { "a: @b\n", "1:4: is not YAML: a value cannot begin with @; put it in quotes" },
            { "a: *\n", "1:4: is not YAML: * and & begin an alias or anchor; put the value in quotes" },
            {
                "a: \"\\q\"\n",
                "1:4: is not YAML: a backslash in double quotes begins no escape that YAML knows; use single quotes"
            },
            { "a: - b\n", "1:4: is not YAML: a list begins in the line of its key; begin it in the next line" },
            { "a: |x\n  y\n", "1:4: is not YAML: nothing else may follow | or > in the line" },
            {
                "%YAML 9.9\n---\na: b\n",
                "1:1: is not YAML: a directive names a version that is not read; delete the line that begins with %"
            },
        };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Text_that_is_not_YAML_is_explained_at_the_line_at_fault(string text, string expected) =>
        Assert.Equal([$"a.yaml:{expected}"], Reading.Tree(text).Problems);

    [Theory]
    [MemberData(nameof(Texts))]
    public void It_is_explained_the_same_with_the_line_ends_of_Windows(string text, string expected) =>
        Assert.Equal(
            [$"a.yaml:{expected}"],
            Reading.Tree(text.Replace("\n", "\r\n", StringComparison.Ordinal)).Problems
        );

    [Fact]
    public void The_words_of_a_template_in_a_block_of_text_are_text()
    {
        var (_, problems, _) = Reading.Tree("a: |\n  {{- if .Values.x }}\n  b\nc: [d\n");

        Assert.Equal(["a.yaml:4:4: is not YAML: this [ is never closed; expected ] after the last entry"], problems);
        Assert.Empty(Reading.Tree("a: |\n  {{- if .Values.x }}\nb: \"{{ .Values.y }}\" # {{ z }}\n").Problems);
    }

    [Fact]
    public void A_document_that_is_not_YAML_does_not_hide_the_problems_of_the_next()
    {
        var (documents, problems, end) = Reading.Tree(
            "a: b\n---\nc: [d\n---\ne: f\n---\ng: h: i\n---\nj: !x k\n---\nl: m\n"
        );

        Assert.False(end);
        Assert.Equal(3, documents.Count);
        Assert.Equal(
            [
                "a.yaml:3:4: is not YAML: this [ is never closed; expected ] after the last entry",
                "a.yaml:7:5: is not YAML: a second colon stands in this line; put the value in quotes",
                "a.yaml:9:4: has the tag \"!x\"; expected plain YAML without tags",
            ],
            problems
        );
    }

    [Fact]
    public void Each_conflict_is_said() =>
        Assert.Equal(
            2,
            Reading.Tree("<<<<<<< a\nb: c\n=======\n>>>>>>> d\n<<<<<<< a\n=======\n>>>>>>> d\n").Problems.Count
        );

    [Theory]
    [InlineData("spec: {credentials: {token: !sk-live-123 x}}")]
    [InlineData("spec: {credentials: {token: *sk-live-123}}")]
    [InlineData("spec: {credentials: {token: {sk-live-123: , sk-live-123: }}}")]
    [InlineData("spec: {credentials: {token: [sk-live-123}}")]
    [InlineData("spec:\n  credentials:\n    token: sk-live-123: x\n")]
    [InlineData("spec:\n  credentials:\n    token: \"sk-live-123\n")]
    [InlineData("spec:\n  credentials:\n    token: @sk-live-123\n")]
    [InlineData("spec:\n  credentials:\n\t  token: sk-live-123\n")]
    [InlineData("spec:\n  credentials:\n    token: sk-live-123\n   x: y\n")]
    [InlineData("tokenFile: !sk-live-123 x")]
    [InlineData("notifications: [{urlFile: *sk-live-123}]")]
    public void A_token_in_text_that_is_not_YAML_is_not_shown(string text) =>
        Assert.DoesNotContain("sk-live-123", Assert.Single(Reading.Tree(text).Problems), StringComparison.Ordinal);
}
