package tenantcli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// details are what show prints: a record and what a listing would be too long with.
type details struct {
	record
	Metadata json.RawMessage `json:"metadata"`
	Aliases  []aliasRecord   `json:"aliases"`
}

// details finds out what is known of a tenant.
func (s *session) details(ctx context.Context, id tenantdb.ID) (details, error) {
	d := details{Metadata: json.RawMessage("{}"), Aliases: []aliasRecord{}}
	files, err := s.tenants.Tenants(ctx)
	if err != nil {
		return d, err
	}
	file := slices.Contains(files, id)
	found, err := catalog.Tenant{}, catalog.ErrNotRegistered
	if s.catalog != nil {
		found, err = s.catalog.Get(ctx, id)
	}
	switch {
	case errors.Is(err, catalog.ErrNotRegistered):
		d.record = unregisteredRecord(id)
		return d, s.hasFile(ctx, id)
	case err != nil:
		return d, err
	}
	d.record, d.Metadata = recordOf(found, file), found.Metadata
	aliases, err := s.catalog.Aliases(ctx, id)
	for _, a := range aliases {
		d.Aliases = append(d.Aliases, aliasOf(a))
	}
	return d, err
}

// hasFile fails for a tenant that is not in the catalog and has no file either.
func (s *session) hasFile(ctx context.Context, id tenantdb.ID) error {
	there, err := s.tenants.Exists(ctx, id)
	if err == nil && !there {
		err = &tenantdb.Error{Op: "find", Tenant: id, Err: tenantdb.ErrUnknownTenant}
	}
	return err
}

// text returns the lines that show prints.
func (d details) text(t *terminal) string {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s  %s\n", pad(name, 12), value)
		}
	}
	when := func(at *string) string {
		if at == nil {
			return ""
		}
		return *at
	}
	line("id", d.ID)
	line("name", clean(d.DisplayName))
	state := d.State
	if d.Suspension != "" {
		state += " (" + d.Suspension + ")"
	}
	line("state", t.paint(colourOf(d.State), state))
	line("reason", clean(d.Reason))
	line("operation", d.Operation)
	for _, name := range slices.Sorted(maps.Keys(d.Labels)) {
		line("label", clean(name+"="+d.Labels[name]))
	}
	for _, a := range d.Aliases {
		line("alias", clean(a.Kind+"="+a.Value))
	}
	if d.Protected {
		line("protected", "yes")
	}
	if !d.File {
		line("file", "none")
	}
	if d.SeenAt != nil {
		line("schema", fmt.Sprint(d.SchemaVersion))
		line("size", size(d.SizeBytes))
		line("seen", when(d.SeenAt))
	}
	line("created", when(d.CreatedAt))
	line("changed", when(d.ChangedAt))
	if string(d.Metadata) != "{}" {
		line("metadata", clean(string(d.Metadata)))
	}
	return strings.TrimSuffix(b.String(), "\n")
}
