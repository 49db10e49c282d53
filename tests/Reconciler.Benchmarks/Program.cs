using Reconciler.Benchmarks;

var benchmarks = new Dictionary<string, Func<Task>>(StringComparer.Ordinal)
{
    ["resolve-diff"] = () => ResolveDiff.RunAsync(),
    ["hostile-yaml"] = () => HostileYaml.RunAsync(),
    ["pieces"] = () =>
    {
        Pieces.Run();
        return Task.CompletedTask;
    },
    ["large-org"] = () => LargeOrg.RunAsync(),
    ["start"] = () => WholeProgram.StartAsync(),
    ["validate"] = () => WholeProgram.ValidateAsync(),
    ["plan"] = () => WholeProgram.PlanAsync(projects: 1000),
    ["plan-large"] = () => WholeProgram.PlanAsync(projects: 10_000),
    ["apply"] = () => WholeProgram.ApplyAsync(projects: 200),
    ["worker"] = () => WholeProgram.WorkerAsync(projects: 1000),
};

// The benchmark of the program starts this one again for its baseline.
if (args is ["bare-loop", var requests])
{
    await BareLoop.RunAsync(requests);
    return 0;
}

if (args is ["check"])
    return await Check.InOwnProcessAsync();

if (args is ["check", Check.CompiledOnce])
    return await Check.RunAsync() ? 0 : 1;

var chosen = args.Length == 0 ? benchmarks.Keys : args.AsEnumerable();
foreach (var name in chosen)
{
    if (!benchmarks.TryGetValue(name, out var benchmark))
    {
        Console.Error.WriteLine($"{name}: no such benchmark; expected one of {string.Join(", ", benchmarks.Keys)}");
        return 1;
    }

    Console.WriteLine($"== {name}");
    await benchmark();
}

return 0;
