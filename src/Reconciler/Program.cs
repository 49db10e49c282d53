using Reconciler;

Console.OutputEncoding = new System.Text.UTF8Encoding(false);
return await Cli.RunAsync(args, CliEnvironment.OfProcess());
