package tenantcli

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// rehearseCreation fails as the creation would, so far as can be known. If a tenant was made with
// its key before, that one is found.
func (s *session) rehearseCreation(ctx context.Context, operation string, c creation) (tenant, result string, err error) {
	if c.Key != "" && s.catalog != nil {
		of, err := s.catalog.LookupAlias(ctx, lifecycle.KeyKind, c.Key)
		if err == nil {
			t, err := s.catalog.Get(ctx, of)
			if err == nil && (t.State == catalog.Deleting || t.State == catalog.Deleted) {
				err = &tenantdb.Error{Op: operation, Tenant: of, Err: lifecycle.ErrKeyInUse}
			}
			if err != nil || t.State != catalog.Creating {
				return of.String(), found, err
			}
			c.ID = of // it was interrupted, and is begun anew
		} else if !errors.Is(err, catalog.ErrUnknownAlias) {
			return "", "", err
		}
	}
	if err := s.vacant(ctx, operation, c.ID); err != nil {
		return "", "", err
	}
	for _, a := range c.Aliases {
		if err := s.aliasFree(ctx, operation, c.ID, a.Kind, a.Value); err != nil && !s.makesWay(ctx, err) {
			return "", "", err
		}
	}
	return c.ID.String(), "created", nil
}

// makesWay reports whether an error says that an alias is of a tenant whose creation was interrupted, which the
// creation of another undoes.
func (s *session) makesWay(ctx context.Context, err error) bool {
	var taken *catalog.AliasTakenError
	if !errors.As(err, &taken) {
		return false
	}
	of, err := s.catalog.Get(ctx, taken.Alias.Tenant)
	return err == nil && of.State == catalog.Creating
}

// found is the result of a creation whose key was used before: nothing is made.
const found = "found"

// foundOr returns the result of a creation: found if its key is of a tenant that is there, and not
// of one whose creation was interrupted and is begun anew.
func (s *session) foundOr(ctx context.Context, c creation, made string) string {
	if c.Key == "" {
		return made
	}
	of, err := s.catalog.LookupAlias(ctx, lifecycle.KeyKind, c.Key)
	if err != nil {
		return made // the creation will say it
	}
	if t, err := s.catalog.Get(ctx, of); err != nil || t.State == catalog.Creating {
		return made
	}
	return found
}

// aliasFree fails if another tenant has the alias.
func (s *session) aliasFree(ctx context.Context, operation string, id tenantdb.ID, kind, value string) error {
	if s.catalog == nil {
		return nil
	}
	has, err := s.catalog.LookupAlias(ctx, kind, value)
	switch {
	case errors.Is(err, catalog.ErrUnknownAlias), err == nil && has == id:
		return nil
	case err != nil:
		return err
	}
	return &tenantdb.Error{Op: operation, Tenant: id, Err: &catalog.AliasTakenError{Alias: catalog.Alias{Kind: kind, Value: value, Tenant: has}}}
}

// registered fails for a tenant that the catalog does not know.
func (s *session) registered(ctx context.Context, operation string, id tenantdb.ID) error {
	if s.catalog == nil {
		return &tenantdb.Error{Op: operation, Tenant: id, Err: catalog.ErrNotRegistered}
	}
	_, err := s.catalog.Get(ctx, id)
	return err
}

// rehearseImport fails as the import would. The file is looked into, all of it.
func (s *session) rehearseImport(ctx context.Context, path string, c creation) (tenant, result string, err error) {
	if tenant, result, err = s.rehearseCreation(ctx, "import", c); err != nil || result == found {
		return tenant, result, err
	}
	progress := s.progress("looking into "+path, -1)
	defer progress.end()
	return tenant, "imported", s.tenants.inspectImport(ctx, path, c.ID)
}

// elsewhere calls f with the tool on a data folder that is made for as long: for the rehearsal of what would
// make the folder.
func (t *tool) elsewhere(f func(t *tool) error) (err error) {
	folder, err := os.MkdirTemp("", "silo-rehearsal-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	other := *t
	other.data = folder
	return f(&other)
}

// isThere reports whether the data folder exists.
func (t *tool) isThere() bool { return exists(filepath.Join(t.data, recordFile)) }
