using Xunit;

// Brokers and real clients share two cores: one class at a time keeps the bounds on waiting honest.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
