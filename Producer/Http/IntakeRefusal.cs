namespace Streaming.Producer.Http;

/// <summary>A request that is not taken, with the answer that it gets.</summary>
internal sealed class IntakeRefusal(int status, string detail, TimeSpan? retryAfter = null) : Exception(detail)
{
    public int Status => status;

    /// <summary>After which time trying again makes sense; null when it does not.</summary>
    public TimeSpan? RetryAfter => retryAfter;

    /// <summary>Further members of the problem details.</summary>
    public Dictionary<string, object?> More { get; } = [];

    public static IntakeRefusal BadRequest(string detail) => new(StatusCodes.Status400BadRequest, detail);

    public static IntakeRefusal TooLarge(long most, string what) => new(StatusCodes.Status413PayloadTooLarge, $"{what} is larger than {most} bytes.");

    public static IntakeRefusal TryLater(int status, string detail, TimeSpan? after = null) => new(status, detail, after ?? TimeSpan.FromSeconds(1));

    public IResult ToResult(HttpContext http)
    {
        if (retryAfter is { } after)
        {
            http.Response.Headers.RetryAfter = ((int)Math.Ceiling(after.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return Results.Problem(statusCode: status, detail: Message, extensions: More);
    }
}
