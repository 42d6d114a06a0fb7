// Package registry tells the schema of Silo's own catalog from all others. It is internal
// so that no application can declare a schema whose statements write silo_ tables.
package registry

// Permit is in the signature by which the catalog's schema is known. Only packages of
// tenantdb can name it.
type Permit struct{}

// Mark is embedded by the Schema type of the catalog's generated code.
type Mark struct{}

// WritesSiloTables makes a schema the catalog's.
func (Mark) WritesSiloTables(Permit) {}
