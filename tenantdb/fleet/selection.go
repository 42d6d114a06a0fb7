package fleet

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// Selection says which tenants are meant: those of which all that is set is true. The zero
// Selection means all that have a file or that the catalog says are active or suspended. Those that
// are being created or deleted, are deleted or quarantined, are meant only if Tenants names them.
type Selection struct {
	// Tenants are the only ones. One that there is not, or that may not be worked on, is
	// told of as one that has failed. Defaults to all.
	Tenants []tenantdb.ID

	// Match are patterns as of [path.Match], such as acme-*, of which a tenant's ID matches
	// one. Defaults to all.
	Match []string

	// Labels are those that the catalog has of a tenant. Defaults to any.
	Labels map[string]string

	// Except are patterns as in Match, of which a tenant's ID matches none. Defaults to none.
	Except []string
}

// check refuses what cannot be meant.
func (s Selection) check(cat *catalog.Catalog) error {
	for _, pattern := range slices.Concat(s.Match, s.Except) {
		if _, err := path.Match(pattern, ""); err != nil || pattern == "" {
			return fmt.Errorf("%w: %q is no pattern; write * for any letters and ? for any one", ErrBadSelection, pattern)
		}
	}
	if len(s.Labels) > 0 && cat == nil {
		return fmt.Errorf("%w: labels are the catalog's, and there is none in the options", ErrBadSelection)
	}
	return nil
}

// fits reports whether the ID is one that is meant.
func (s Selection) fits(id tenantdb.ID) bool {
	matches := func(pattern string) bool {
		ok, _ := path.Match(pattern, id.String()) // checked before
		return ok
	}
	return (len(s.Match) == 0 || slices.ContainsFunc(s.Match, matches)) && !slices.ContainsFunc(s.Except, matches)
}

// labelled reports whether the tenant has all the labels.
func (s Selection) labelled(t *catalog.Tenant) bool {
	for name, value := range s.Labels {
		if has, ok := t.Labels[name]; !ok || has != value {
			return false
		}
	}
	return true
}

// lister is what has tenants: a store of any schema.
type lister interface {
	Tenants(ctx context.Context) ([]tenantdb.ID, error)
}

// tenants returns the IDs that are meant, sorted. The catalog may be nil.
func (s Selection) tenants(ctx context.Context, files lister, cat *catalog.Catalog) ([]tenantdb.ID, error) {
	if err := s.check(cat); err != nil {
		return nil, err
	}
	if len(s.Tenants) > 0 {
		return s.named(ctx, cat)
	}
	ids, err := files.Tenants(ctx)
	if err != nil {
		return nil, err
	}
	if cat != nil {
		if ids, err = s.registered(ctx, ids, cat); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(ids, func(id tenantdb.ID) bool { return !s.fits(id) }), nil
}

// named returns those of Tenants that fit.
func (s Selection) named(ctx context.Context, cat *catalog.Catalog) ([]tenantdb.ID, error) {
	ids := slices.Clone(s.Tenants)
	slices.SortFunc(ids, compareIDs)
	ids = slices.DeleteFunc(slices.Compact(ids), func(id tenantdb.ID) bool { return !s.fits(id) })
	if len(s.Labels) == 0 {
		return ids, nil
	}
	var labelled []tenantdb.ID
	for _, id := range ids {
		t, err := cat.Get(ctx, id)
		if err != nil {
			return nil, err
		}
		if s.labelled(&t) {
			labelled = append(labelled, id)
		}
	}
	return labelled, nil
}

// registered returns the tenants of the catalog that may be worked on and, unless labels are
// asked for, the files of which it knows nothing.
func (s Selection) registered(ctx context.Context, files []tenantdb.ID, cat *catalog.Catalog) ([]tenantdb.ID, error) {
	var filter catalog.Filter
	for filter.Label, filter.Value = range s.Labels { // any of them: fewer rows are read
	}
	var ids []tenantdb.ID
	known := map[tenantdb.ID]struct{}{}
	for t, err := range cat.List(ctx, filter) {
		if err != nil {
			return nil, err
		}
		known[t.ID] = struct{}{}
		if (t.State == catalog.Active || t.State == catalog.Suspended) && s.labelled(&t) {
			ids = append(ids, t.ID)
		}
	}
	if len(s.Labels) > 0 {
		return ids, nil
	}
	for _, id := range files {
		if _, ok := known[id]; !ok {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, compareIDs)
	return ids, nil
}

// ReadIDs reads tenants' IDs, one a line. What is behind a # is a comment, and empty lines do not
// count. A line that is no ID is [ErrBadSelection], and the error says which.
func ReadIDs(r io.Reader) ([]tenantdb.ID, error) {
	var ids []tenantdb.ID
	lines := bufio.NewScanner(r)
	for number := 1; lines.Scan(); number++ {
		text, _, _ := strings.Cut(lines.Text(), "#")
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		id, err := tenantdb.ParseID(text)
		if err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", ErrBadSelection, number, err)
		}
		ids = append(ids, id)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadSelection, err)
	}
	return ids, nil
}

func compareIDs(a, b tenantdb.ID) int { return strings.Compare(a.String(), b.String()) }
