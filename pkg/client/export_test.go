package client

// ExampleConfig starts the helper of this tree in a network namespace of its own.
var ExampleConfig Config
