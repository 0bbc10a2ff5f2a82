using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Dashboard.Pages;

/// <summary>Markup in the making: what stands literally in a string goes in as it is, every value in its holes is encoded.</summary>
internal sealed class HtmlWriter
{
    private static readonly HtmlEncoder s_encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private readonly StringBuilder _text = new();

    public HtmlWriter Add([InterpolatedStringHandlerArgument("")] ref Markup markup) => this;

    /// <summary>Sends it as the whole page.</summary>
    public async Task SendAsync(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        var encoder = Encoding.UTF8.GetEncoder();
        foreach (var chunk in _text.GetChunks())
        {
            encoder.Convert(chunk.Span, context.Response.BodyWriter, flush: false, out _, out _);
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Appends an interpolated string part by part. A hole may also hold what writes markup itself.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Markup
    {
        private readonly HtmlWriter _writer;

        public Markup(int literalLength, int formattedCount, HtmlWriter writer) => _writer = writer;

        public void AppendLiteral(string value) => _writer._text.Append(value);

        public void AppendFormatted(string? value) => _writer._text.Append(s_encoder.Encode(value ?? ""));

        public void AppendFormatted(Action<HtmlWriter>? part) => part?.Invoke(_writer);

        public void AppendFormatted<T>(T value, string? format = null) where T : IFormattable => AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));
    }
}
