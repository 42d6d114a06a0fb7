// Package registry tells the schema of Silo's own catalog from all others. It is internal
// so that no application can declare a schema whose statements write silo_ tables.
package registry

// Permit is in the signature by which the catalog's schema is known. Only packages of
// tenantdb can name it. Generic code can have it inferred from a function that takes one, and so declare
// the method: it is for the compiler's message, and Marked is what counts.
type Permit struct{}

// Marked is what embeds Mark: its method can be declared here alone.
type Marked interface{ marked() }

// Pass lets through what is package lifecycle's alone to do. The zero value, which is all that
// generic code can make of a type that it cannot name, lets nothing through.
type Pass struct{ given bool }

// Give returns a Pass that counts.
func Give() Pass { return Pass{given: true} }

// Given reports whether it counts.
func (p Pass) Given() bool { return p.given }

// Mark is embedded by the Schema type of the catalog's generated code.
type Mark struct{}

func (Mark) marked() {}

// WritesSiloTables makes a schema the catalog's.
func (Mark) WritesSiloTables(Permit) {}
