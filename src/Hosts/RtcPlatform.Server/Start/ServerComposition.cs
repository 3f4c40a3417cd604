using System.Reflection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Hosting;
using RtcPlatform.Api;
using RtcPlatform.Identity;
using RtcPlatform.Persistence;
using RtcPlatform.Server.ControlStream;
using RtcPlatform.Server.Development;
using RtcPlatform.Server.Health;
using RtcPlatform.Server.Options;
using RtcPlatform.Server.Web;
using RtcPlatform.Signaling;

namespace RtcPlatform.Server.Start;

/// <summary>The server on one page: which modules it is made of, and where they answer.</summary>
internal static class ServerComposition
{
    /// <exception cref="StartFault">An option is missing or wrong.</exception>
    public static WebApplication Build(string[] arguments)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = arguments,
            ContentRootPath = AppContext.BaseDirectory,
        });
        ServerOptionsReader.AddSources(builder.Configuration, arguments);
        ServerOptions options = ServerOptionsReader.Read(builder.Configuration);

        AddHost(builder);
        AddDatabase(builder.Services, options.Database);
        builder.Services.AddSingleton(options.Identity);
        builder.Services.AddIdentity(options.Identity);
        builder.Services.AddSignaling(options.Signaling, new ServerIdentity(Environment.MachineName, Version));
        builder.Services.AddApi(options.HttpSessions);
        builder.Services.AddReadiness();
        builder.UseOrleans(static silo => silo.UseLocalhostClustering());

        WebApplication app = builder.Build();
        Map(app, options);
        return app;
    }

    private static string Version =>
        typeof(ServerComposition).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    private static void AddHost(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);

        // Commands that fail throw as well; the first look for a migrations table that is not there yet is no failure.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.None);

        // What clients send is logged by the hub in one line; SignalR adds a stack trace to each.
        builder.Logging.AddFilter("Microsoft.AspNetCore.SignalR", LogLevel.Critical);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        });
        builder.Services.AddCors();
    }

    private static void AddDatabase(IServiceCollection services, PostgresOptions options)
    {
        try
        {
            services.AddSingleton(options);
            services.AddPersistence(options);
        }
        catch (ArgumentException problem)
        {
            throw new StartFault(ExitCode.NoDatabase, $"the connection string cannot be read: {problem.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static void Map(WebApplication app, ServerOptions options)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseSdk(options.Web.SdkFolder);
        app.UseDemo(options.Web.DemoFolder);

        // After the files: an endpoint that was matched already would keep them from being served.
        app.UseRouting();
        app.UseCors();
        app.UseWebSockets();
        app.MapHealth();
        app.MapApi();
        app.MapSignaling().RequireCors(cors => cors.AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod());
        app.MapNodeStream(options.Media.NodeSecret);
        if (options.Identity.Development is { } development)
        {
            app.MapDevelopmentTokens(development);
        }
    }
}
