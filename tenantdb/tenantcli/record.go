package tenantcli

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// unregistered is the state of a tenant that has a file and is not in the catalog.
const unregistered = "unregistered"

// record is a tenant as list and show print it.
type record struct {
	ID            string            `json:"id"`
	DisplayName   string            `json:"display_name"`
	State         string            `json:"state"`
	Suspension    string            `json:"suspension,omitempty"`
	Reason        string            `json:"reason,omitempty"`
	Operation     string            `json:"operation,omitempty"`
	Labels        map[string]string `json:"labels"`
	Protected     bool              `json:"protected"`
	File          bool              `json:"file"` // there is one
	Generation    int64             `json:"generation"`
	SchemaVersion int64             `json:"schema_version"` // when it was last looked at
	SizeBytes     int64             `json:"size_bytes"`     // likewise
	SeenAt        *string           `json:"seen_at"`
	CreatedAt     *string           `json:"created_at"`
	ChangedAt     *string           `json:"changed_at"`
}

func recordOf(t catalog.Tenant, file bool) record {
	labels := t.Labels
	if labels == nil {
		labels = map[string]string{}
	}
	return record{
		ID: t.ID.String(), DisplayName: t.DisplayName, State: string(t.State), Suspension: string(t.Suspension), Reason: t.Reason, Operation: string(t.Operation),
		Labels: labels, Protected: t.Protected, File: file, Generation: t.Generation,
		SchemaVersion: t.Seen.SchemaVersion, SizeBytes: t.Seen.SizeBytes,
		SeenAt: stamp(t.Seen.At), CreatedAt: stamp(t.CreatedAt), ChangedAt: stamp(t.ChangedAt),
	}
}

func unregisteredRecord(id tenantdb.ID) record {
	return record{ID: id.String(), State: unregistered, Labels: map[string]string{}, File: true}
}

// all yields the tenants that the filter means by ID: those of the catalog and, if
// nothing but the catalog could tell them from others, those that only have a file.
func (s *session) all(ctx context.Context, filter catalog.Filter) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		files, err := s.tenants.Tenants(ctx)
		if err != nil {
			yield(record{}, err)
			return
		}
		alone := filter.State == "" && filter.Label == ""
		if filter.State == unregistered && filter.Label == "" {
			filter.State, alone = "", true
			kept := yield
			yield = func(r record, err error) bool {
				return err == nil && r.State != unregistered || kept(r, err)
			}
		}
		next := 0
		before := func(id string) bool { // yields the files of tenants before id
			for ; next < len(files) && (id == "" || files[next].String() < id); next++ {
				if alone && !yield(unregisteredRecord(files[next]), nil) {
					return false
				}
			}
			return true
		}
		if s.catalog != nil {
			for t, err := range s.catalog.List(ctx, filter) {
				if err != nil {
					yield(record{}, err)
					return
				}
				if !before(t.ID.String()) {
					return
				}
				has := next < len(files) && files[next] == t.ID
				if has {
					next++
				}
				if !yield(recordOf(t, has), nil) {
					return
				}
			}
		}
		before("")
	}
}

// text returns the line that list prints.
func (r record) text(t *terminal) string {
	columns := []string{pad(r.ID, 24), t.paint(colourOf(r.State), pad(r.State, 12))}
	seen := "-"
	if r.SizeBytes > 0 {
		seen = size(r.SizeBytes)
	}
	columns = append(columns, pad(seen, 10), clean(r.DisplayName))
	for _, name := range slices.Sorted(maps.Keys(r.Labels)) {
		columns = append(columns, clean(name+"="+r.Labels[name]))
	}
	return strings.TrimRight(strings.Join(columns, "  "), " ")
}

// pad makes a text at least so wide.
func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(text)))
}

// colourOf returns what a state is painted with.
func colourOf(state string) string {
	switch state {
	case string(catalog.Active):
		return green
	case string(catalog.Quarantined):
		return red
	case string(catalog.Deleted):
		return ""
	}
	return yellow
}

// clean replaces what a terminal would take for a command: names are what tenants chose.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}
