using System.Globalization;
using System.Text.Json.Nodes;
using Reconciler.Testing;
using Reconciler.Testing.OpenApi;

namespace Reconciler.Providers.Tests.OpenApi;

public sealed class OpenApiTests
{
    private static readonly OpenApiDocument Sample = new(
        YamlJson.Parse(
            new StringReader(
                """
                paths:
                  /things/{id}/:
                    parameters: [{name: id, in: path, required: true, schema: {type: string, format: uuid}}]
                    get:
                      parameters:
                      - {name: limit, in: query, schema: {type: integer, minimum: 1}}
                      - {name: include, in: query, style: form, explode: false, schema: {type: array,
                """
                    + """
                     items: {type: string, enum: [user, project]}}}
                          responses:
                            '200': {content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
                            4XX: {$ref: '#/components/responses/Wrong'}
                      /things/all/:
                        post:
                          requestBody: {required: true, content: {application/json: {schema: {type: object,
                    """
                    + """
                     required: [email], properties: {email: {type: string, format: email}}}}}}
                          responses: {'204': {description: done}}
                    components:
                      responses:
                        Wrong:
                          content:
                            application/json:
                              schema:
                                oneOf:
                                - {type: object, properties: {error: {type: string}}}
                                - {type: object, additionalProperties: {type: array, items: {type: string}}}
                      schemas:
                        Base: {type: object, required: [id], properties: {id: {type: string, format: uuid},
                    """
                    + """
                     note: {type: string, nullable: true}}}
                        Thing:
                          allOf:
                          - {$ref: '#/components/schemas/Base'}
                          - {type: object, properties: {at: {type: string, format: date-time}, tags: {type: array,
                    """
                    + """
                     maxItems: 2, items: {type: string}}, size: {type: [integer, 'null']}}}
                    """
            )
        )!
    );

    [Theory]
    [InlineData(
        """{"id":"3c90c3cc-0d44-4b50-8888-8dd25736052a","note":null,"at":"2026-01-31T09:00:00Z","tags":["a"],"size":null}""",
        null
    )]
    [InlineData("""{"note":"x"}""", "200: 'id' is missing")]
    [InlineData("""{"id":"7"}""", "200.id: '7' is no uuid")]
    [InlineData("""{"id":null}""", "200.id: must not be null")]
    [InlineData(
        """{"id":"3c90c3cc-0d44-4b50-8888-8dd25736052a","at":"2026-01-31 09:00"}""",
        "200.at: '2026-01-31 09:00' is no date-time"
    )]
    [InlineData("""{"id":"3c90c3cc-0d44-4b50-8888-8dd25736052a","tags":["a","b","c"]}""", "200.tags: 3 items")]
    [InlineData("""{"id":"3c90c3cc-0d44-4b50-8888-8dd25736052a","tags":[1]}""", "200.tags[0]: 1 is no string")]
    [InlineData("""{"id":"3c90c3cc-0d44-4b50-8888-8dd25736052a","size":1.5}""", "200.size: 1.5 is no integer or null")]
    [InlineData(
        """{"id":"3c90c3cc-0d44-4b50-8888-8dd25736052a","crated_at":1}""",
        "200: 'crated_at' is not in the schema"
    )]
    [InlineData("""{"id":""", "200: is no JSON")]
    public void An_answer_is_judged_by_its_schema(string body, string? problem)
    {
        var problems = Get().CheckResponse(200, "application/json; charset=utf-8", body);
        Assert.Equal(problem is null ? [] : [problem], problems);
    }

    [Theory]
    [InlineData("""{"error":"no"}""", true)]
    [InlineData("""{"email":["no"]}""", true)]
    [InlineData("""{"email":"no"}""", false)]
    public void One_fitting_alternative_is_enough(string body, bool fits) =>
        Assert.Equal(fits, Get().CheckResponse(400, "application/json", body).Count == 0);

    [Theory]
    [InlineData("3c90c3cc-0d44-4b50-8888-8dd25736052a", "?limit=5&include=user,project", null)]
    [InlineData("3c90c3cc", "", "path.id: '3c90c3cc' is no uuid")]
    [InlineData("3c90c3cc-0d44-4b50-8888-8dd25736052a", "?limit=0", "query.limit: 0 is less than the minimum")]
    [InlineData("3c90c3cc-0d44-4b50-8888-8dd25736052a", "?limit=x", "query.limit: \"x\" is no integer")]
    [InlineData(
        "3c90c3cc-0d44-4b50-8888-8dd25736052a",
        "?include=user,team",
        "query.include[1]: \"team\" is none of [\"user\",\"project\"]"
    )]
    [InlineData("3c90c3cc-0d44-4b50-8888-8dd25736052a", "?page=1", "query: the parameter 'page' is not documented")]
    public void A_request_is_judged_by_its_parameters(string id, string query, string? problem)
    {
        var path = $"/things/{id}/";
        Assert.Equal(problem is null ? [] : [problem], Sample.Find("GET", path)!.CheckRequest(path, query, null, ""));
    }

    [Fact]
    public void A_literal_path_wins_over_a_variable_one_and_its_body_is_judged()
    {
        var operation = Sample.Find("POST", "/things/all/")!;
        Assert.Equal("/things/all/", operation.Template);
        Assert.Empty(operation.CheckRequest("/things/all/", "", "application/json", """{"email":"ana@example.com"}"""));
        Assert.Equal(
            ["body.email: 'ana' is no email"],
            operation.CheckRequest("/things/all/", "", "application/json", """{"email":"ana"}""")
        );
        Assert.Equal(["the request lacks its body"], operation.CheckRequest("/things/all/", "", null, ""));
        Assert.Empty(operation.CheckResponse(204, null, ""));
        Assert.Equal(["status 200 is not documented"], operation.CheckResponse(200, null, ""));
        Assert.Null(Sample.Find("GET", "/things/all"));
    }

    [Theory]
    [InlineData("clarifeye.yaml")]
    [InlineData("confident-ai.yaml")]
    [InlineData("equinix-metal.yaml")]
    public void Every_schema_of_a_vendors_document_can_be_applied(string file)
    {
        var document = OpenApiDocument.Load(SharedFiles.Path("apis", "openapi", file));
        var operations = document.Operations().ToList();
        Assert.NotEmpty(operations);
        foreach (var (method, template) in operations)
        {
            var operation = document.Find(method, template);
            Assert.Equal(template, operation?.Template);
            operation!.CheckRequest(template, "", "application/json", "{}");
            foreach (var (status, _) in operation.Operation["responses"] as JsonObject ?? [])
            {
                foreach (var body in (string[])["{}", "[]", "null", "\"\"", "0"])
                    operation.CheckResponse(
                        int.TryParse(status, CultureInfo.InvariantCulture, out var code) ? code : 500,
                        "application/json",
                        body
                    );
            }
        }
    }

    [Fact]
    public void Examples_in_a_vendors_document_fit_its_own_schemas()
    {
        var document = OpenApiDocument.Load(SharedFiles.Path("apis", "openapi", "confident-ai.yaml"));
        foreach (
            var path in (string[])
                ["/v1/projects", "/v1/projects/x/members", "/v1/projects/x/invitations", "/v1/projects/x/roles"]
        )
        {
            var operation = document.Find("GET", path)!;
            var example = operation.Operation["responses"]!["200"]!["content"]!["application/json"]!["example"]!;
            Assert.Empty(operation.CheckResponse(200, "application/json", example.ToJsonString()));
        }
    }

    private static OpenApiOperation Get() => Sample.Find("GET", "/things/3c90c3cc-0d44-4b50-8888-8dd25736052a/")!;
}
