using Streaming.Topics;
using Streaming.Topics.Commands;
using Streaming.Topics.Output;

// Topics, messages and groups of any Kafka, by hand.
using var terminal = Terminal.OfProcess();
return await CommandLine.RunAsync(args, terminal, Environment.GetEnvironmentVariable);
