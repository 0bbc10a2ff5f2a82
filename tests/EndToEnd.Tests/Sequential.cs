// Each class starts the whole application: one at a time leaves it the machine.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
