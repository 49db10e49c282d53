using System.Net.Http;
using Reconciler;
using Reconciler.Proxies;

Console.OutputEncoding = new System.Text.UTF8Encoding(false);
try
{
    HttpClient.DefaultProxy = EnvironmentProxy.Of(Environment.GetEnvironmentVariable);
}
catch (ProxyVariableException wrong)
{
    await Console.Error.WriteLineAsync($"error: {wrong.Message}");
    return ExitCode.Usage;
}

return await Cli.RunAsync(args, CliEnvironment.OfProcess());
