using System.CommandLine;
using Streaming.Embedded.Kafka;

var command = BrokerCommand.Create();
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
