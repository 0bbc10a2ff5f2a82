// Each test starts the whole pipeline: one at a time leaves it the machine.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
