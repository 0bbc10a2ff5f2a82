namespace Streaming.Dashboard.Api;

/// <summary>A request that cannot be answered; becomes a problem document (RFC 9457).</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="title">What kind of problem, in a few words.</param>
/// <param name="detail">What is wrong with this request, and what would be right.</param>
internal sealed class ApiException(int status, string title, string detail) : Exception(detail)
{
    public int Status => status;

    public string Title => title;

    public static ApiException BadParameter(string name, string? value, string allowed) =>
        new(StatusCodes.Status400BadRequest, "A parameter is wrong", $"{name} is '{Cut(value)}'; allowed: {allowed}.");

    public static ApiException NotFound(string what) => new(StatusCodes.Status404NotFound, "Not found", what);

    private static string? Cut(string? value) => value is { Length: > 100 } ? value[..100] + "…" : value;
}
