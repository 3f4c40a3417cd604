using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace RtcPlatform.Server.Web;

/// <summary>The SDK for any page, and the demo. Files carry an ETag and are asked for again each time, so that a new build
/// is seen.</summary>
internal static class StaticFiles
{
    private static readonly FileExtensionContentTypeProvider ContentTypes = new()
    {
        Mappings =
        {
            [".js"] = "text/javascript; charset=utf-8",
            [".mjs"] = "text/javascript; charset=utf-8",
            [".map"] = "application/json",
        },
    };

    /// <summary><c>/sdk/rtc-client.js</c> and what belongs to it, open to every origin.</summary>
    public static void UseSdk(this WebApplication app, string folder)
    {
        if (Directory.Exists(folder))
        {
            app.UseStaticFiles(Files(folder, "/sdk", response => response.Headers.AccessControlAllowOrigin = "*"));
        }

        app.MapGet("/sdk/{**file}", (string? file) => TypedResults.Problem(
            Directory.Exists(folder) ? $"The SDK has no file '{file}'." : "The SDK is not built: npm run build in web/packages/client.",
            statusCode: 404)).ExcludeFromDescription();
    }

    /// <summary>The demo at <c>/</c>, or a page that says how to build it.</summary>
    public static void UseDemo(this WebApplication app, string folder)
    {
        if (File.Exists(Path.Combine(folder, "index.html")))
        {
            app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = new PhysicalFileProvider(Path.GetFullPath(folder)) });
            app.UseStaticFiles(Files(folder, "", static _ => { }));
            return;
        }

        app.MapGet("/", () => TypedResults.Content(NotBuilt, "text/html; charset=utf-8", statusCode: 404)).ExcludeFromDescription();
    }

    private const string NotBuilt =
        """
        <!doctype html><html lang="en"><meta charset="utf-8"><title>RtcPlatform</title>
        <body style="font-family: system-ui; margin: 4rem auto; max-width: 40rem">
        <h1>The server runs, the demo is not built</h1>
        <p>Build it with <code>npm run build</code> in <code>web/apps/demo</code>, then start the server with <code>--demo</code> and the
        path of its <code>dist</code> folder. <code>./run</code> does both.</p>
        """;

    private static StaticFileOptions Files(string folder, string path, Action<HttpResponse> prepare) => new()
    {
        FileProvider = new PhysicalFileProvider(Path.GetFullPath(folder)),
        RequestPath = path,
        ContentTypeProvider = ContentTypes,
        OnPrepareResponse = prepared =>
        {
            prepared.Context.Response.Headers.CacheControl = "no-cache";
            prepare(prepared.Context.Response);
        },
    };
}
