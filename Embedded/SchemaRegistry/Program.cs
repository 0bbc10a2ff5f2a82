using System.CommandLine;
using Streaming.Embedded.SchemaRegistry;

var command = RegistryCommand.Create();
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
