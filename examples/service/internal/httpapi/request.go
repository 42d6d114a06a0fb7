package httpapi

import (
	"github.com/silokit/silo/examples/service/internal/notes"
	"github.com/silokit/silo/examples/service/internal/totals"
)

// Request is what belongs to a request: of one tenant, and of no other. The injector
// newRequest, in wire.go, makes it of the tenant's database.
type Request struct {
	Notes  *notes.Repository
	Totals *totals.Totals
}
