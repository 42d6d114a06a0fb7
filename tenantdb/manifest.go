package tenantdb

import "time"

// Manifest says what a copy of a tenant's file or of the global one is, and is what
// [Store.Snapshot] and [GlobalDB.Snapshot] return.
// Its encoding as JSON is stable.
type Manifest struct {
	Tenant        ID     `json:"tenant,omitzero"` // zero: it is of the global database
	Schema        string `json:"schema"`          // the schema's name
	Incarnation   string `json:"incarnation"`     // of the tenant's file
	SchemaVersion int64  `json:"schema_version"`  // of the handle's schema
	Size          int64  `json:"size"`            // of the copy, in bytes
	Pages         int64  `json:"pages"`
	PageSize      int64  `json:"page_size"` // in bytes
	SHA256        string `json:"sha256"`    // of the copy's bytes, in hexadecimal

	// Taken is when the copy's state was the tenant's, in UTC. All that was acknowledged
	// before Snapshot was called is in the copy; of what was acknowledged while it ran,
	// the copy has what came before one point in it.
	Taken time.Time `json:"taken"`

	// Mark is what [Store.Unchanged] compares a later state of the tenant with. It is of
	// use in the folder that the tenant was in, and may be empty.
	Mark string `json:"mark,omitempty"`
}
