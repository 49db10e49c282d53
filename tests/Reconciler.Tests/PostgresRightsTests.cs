using Reconciler.Testing.State;
using static Reconciler.Tests.RunEnd;

namespace Reconciler.Tests;

/// <summary>The verbs with a role of PostgreSQL that may only read.</summary>
public sealed class PostgresRightsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_role_that_may_only_read_plans_and_an_apply_names_the_right_that_it_lacks(bool isPooled)
    {
        var url = PostgresProcess.Shared.NewUrl();
        var schema = PostgresProcess.SchemaOf(url);
        await using var scene = await RecordScene.StartAsync("bob@example.com");
        scene.Variables["RECONCILER_STATE"] = url;
        await EndsAsync(scene.RunAsync("apply", "--yes"), ExitCode.Done);
        scene.Declare(5, others: "{email: new@example.com, access: {roles: [collaborator]}}");
        var role = PostgresProcess.Shared.MakeReader(schema);
        using var pooler = isPooled ? await PoolerProcess.StartAsync("session", role) : null;
        scene.Variables["RECONCILER_STATE"] = PostgresProcess.Shared.Url(schema, role, pooler?.Port);

        Assert.Contains(
            "+ invite  new@example.com",
            await EndsAsync(scene.RunAsync("plan"), ExitCode.Done),
            StringComparison.Ordinal
        );
        await EndsAsync(scene.RunAsync("report"), ExitCode.Done);
        await EndsAsync(scene.RunAsync("explain", "new@example.com"), ExitCode.Done);
        await EndsAsync(scene.PlayAsync("state", "show"), ExitCode.Done);
        await EndsAsync(scene.PlayAsync("state", "history"), ExitCode.Done);
        await EndsAsync(scene.PlayAsync("state", "verify"), ExitCode.Done);

        foreach (var verb in new[] { new[] { "apply", "--yes" }, ["offboard", "bob@example.com", "--yes"] })
        {
            Assert.Contains(
                "can be read, and not be written: a right is missing; an administrator gives it with: "
                    + $"GRANT USAGE ON SCHEMA {schema} TO \"{role}\"; "
                    + $"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO \"{role}\"",
                await EndsAsync(scene.RunAsync(verb), ExitCode.Failed),
                StringComparison.Ordinal
            );
            Assert.Equal(0, scene.Sandbox.NonGetCount);
        }

        PostgresProcess.Shared.Run($"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}");
        await EndsAsync(scene.RunAsync("apply", "--yes"), ExitCode.Done);
        Assert.Equal(5, scene.Sandbox.NonGetCount);
    }
}
