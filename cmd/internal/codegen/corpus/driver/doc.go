// Package driver runs generated queries beside the same SQL by hand, and says where
// they differ. It is copied into the module of the generated code, and knows of that
// code only what reflection tells: it must not import the generator or the runtime,
// whose mistakes it looks for.
package driver
