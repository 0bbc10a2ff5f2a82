using System.Text;
using Aspire.Hosting.Orchestration;

namespace Streaming.Embedded.Aspire.Tests.Hosting.Parts;

public sealed class TerminalOutputTests
{
    [Fact]
    public void A_full_disk_under_the_output_holds_nobody_up()
    {
        using var full = new FullDisk();
        var output = new TerminalOutput(full, full);

        output.WriteLine("a line");
        output.WriteLine("first", "a line of a resource");
        output.WriteTable([new StatusRow("first", "Running", "here", IsToBeOpened: true)]);
        output.WriteFailure("first", "a reason", ["its last line"]);

        Assert.Equal(4, full.Refused);
    }

    private sealed class FullDisk : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public int Refused { get; private set; }

        public override void WriteLine(string? value)
        {
            Refused++;
            throw new IOException("No space left on device");
        }
    }
}
