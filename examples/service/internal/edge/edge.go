// Package edge decides whose a request is. All that depends on how a request names its tenant
// is in resolver.go.
package edge

import (
	"fmt"
	"time"

	"github.com/silokit/silo/tenantdb"
)

// Access is what somebody needs who may act for a tenant.
type Access struct {
	Tenant tenantdb.ID `json:"tenant"`
	URL    string      `json:"url"`            // what the paths of the service come behind
	Header string      `json:"header"`         // a header that each request has to have
	Until  time.Time   `json:"until,omitzero"` // when it ends; zero: never
}

// Curl returns a command that sends a request.
func (a Access) Curl(path string) string {
	return fmt.Sprintf("curl -H '%s' %s%s", a.Header, a.URL, path)
}
