using Streaming.Topics;
using Streaming.Topics.Commands;
using Streaming.Topics.Output;

// Topics, messages and groups of any Kafka, by hand.
return await CommandLine.RunAsync(args, Terminal.OfProcess(), Environment.GetEnvironmentVariable);
