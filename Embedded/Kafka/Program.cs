using System.CommandLine;
using Streaming.Embedded.Kafka;

var command = BrokerCommand.Create();
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });

// Said here, or the web framework's generator makes it public, and tests that refer to several programs see several.
internal partial class Program;
