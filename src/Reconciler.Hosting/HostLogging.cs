using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Reconciler.Hosting;

/// <summary>Where the logs of a worker or an operator go, and in which form.</summary>
public static class HostLogging
{
    /// <summary>Adds the console logger, or another one, in the format and level that the settings ask for.</summary>
    public static void Add(ILoggingBuilder logging, LogSection? section, ILoggerProvider? instead)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LevelOf(section?.Level));
        // What the framework says of itself is worth a line only where something is wrong.
        logging.AddFilter("Microsoft", LogLevel.Warning);
        if (instead is not null)
            logging.AddProvider(instead);
        else if (section?.Format == LogFormat.Json)
            logging.AddJsonConsole(Json);
        else
            logging.AddSimpleConsole(Text);
    }

    private static void Json(JsonConsoleFormatterOptions options)
    {
        (options.IncludeScopes, options.UseUtcTimestamp) = (true, true);
        options.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    }

    private static void Text(SimpleConsoleFormatterOptions options)
    {
        (options.IncludeScopes, options.UseUtcTimestamp, options.SingleLine) = (true, true, true);
        options.TimestampFormat = "yyyy-MM-dd HH:mm:ss'Z' ";
    }

    private static LogLevel LevelOf(LogDetail? detail) =>
        detail switch
        {
            LogDetail.Debug => LogLevel.Debug,
            LogDetail.Warning => LogLevel.Warning,
            _ => LogLevel.Information,
        };
}
