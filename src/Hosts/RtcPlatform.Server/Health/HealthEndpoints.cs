namespace RtcPlatform.Server.Health;

internal static class HealthEndpoints
{
    public static IServiceCollection AddReadiness(this IServiceCollection services) => services.AddSingleton<Readiness>();

    /// <summary><c>/healthz</c>: the process answers. <c>/readyz</c>: it can do its work, or 503 with the check that
    /// failed.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => TypedResults.Ok(new { status = "ok" })).ExcludeFromDescription();
        routes.MapGet("/readyz", async (Readiness readiness, CancellationToken cancellation) =>
        {
            ReadinessReport report = await readiness.Check(cancellation);
            return TypedResults.Json(report, statusCode: report.Ready ? 200 : 503);
        }).ExcludeFromDescription();
    }
}
