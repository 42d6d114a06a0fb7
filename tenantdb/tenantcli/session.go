package tenantcli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/internal/nearest"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// purpose says what a command opens the data folder for.
type purpose int

const (
	toLook   purpose = iota // nothing is made or migrated
	toList                  // nothing is migrated; a catalog is made if there is none
	toChange                // what is missing in a data folder that exists is made
	toBegin                 // the data folder is made if it does not exist
)

// purpose returns what a command that writes opens the folder for, given what it does so
// when it only says what it would do.
func (w *writing) purpose(real purpose) purpose { return w.purposeOr(toLook, real) }

func (w *writing) purposeOr(rehearsal, real purpose) purpose {
	if w.dryRun {
		return rehearsal
	}
	return real
}

// recordFile is what makes a folder a data folder.
const recordFile = "silo.json"

// session is one run of a command, with the data folder open.
type session struct {
	*tool
	cmd     *cobra.Command
	dir     *tenantdb.Dir
	tenants tenants
	catalog *catalog.Catalog // nil if the folder has none and the command only looks
}

// run opens the data folder, calls f, and closes the folder.
func (t *tool) run(cmd *cobra.Command, why purpose, f func(ctx context.Context, s *session) error) error {
	ctx := catalog.WithActor(cmd.Context(), t.actor)
	s, err := t.begin(ctx, cmd, why)
	if err != nil {
		return err
	}
	err = s.advise(ctx, f(ctx, s))
	if closed := s.dir.Close(); closed != nil {
		err = errors.Join(err, closed)
	}
	return err
}

// begin opens the data folder.
func (t *tool) begin(ctx context.Context, cmd *cobra.Command, why purpose) (_ *session, err error) {
	dir, err := t.openDir(ctx, cmd, why)
	if err != nil {
		return nil, err
	}
	s := &session{tool: t, cmd: cmd, dir: dir}
	defer func() {
		if err != nil {
			err = errors.Join(err, dir.Close())
		}
	}()
	if why != toLook || exists(filepath.Join(dir.Path(), "global.db")) {
		s.catalog, err = catalog.Open(ctx, dir)
		switch behind := errors.Is(err, tenantdb.ErrSchemaBehind); {
		case behind && why == toLook:
		case behind:
			return nil, &hintedError{err, migratedBy}
		case err != nil:
			return nil, err
		}
		err = nil
	}
	s.tenants, err = t.open(ctx, dir, s.catalog, t)
	return s, err
}

// migratedBy is what to do about a database that is behind.
const migratedBy = "open it with the service, or with a command that writes: its migrations run then"

// openDir opens the data folder alone, with none of its databases.
func (t *tool) openDir(ctx context.Context, cmd *cobra.Command, why purpose) (*tenantdb.Dir, error) {
	t.terminal.observe(cmd)
	if _, err := os.Stat(filepath.Join(t.data, recordFile)); err != nil && why != toBegin {
		if errors.Is(err, os.ErrNotExist) {
			return nil, &tenantdb.Error{Op: "open", Path: t.data, Err: errors.New("this is no data folder"), Hint: "name the data folder with --data; tenants create --init makes one"}
		}
		return nil, &tenantdb.Error{Op: "open", Path: t.data, Err: err, Hint: "the folder must be readable for this process"}
	}
	if err := errors.Join(t.readPolicy(), t.readWait(cmd)); err != nil {
		return nil, err
	}
	if t.backupsFolder != "" {
		t.options.Lifecycle.Backups = lifecycle.NewFolder(t.backupsFolder)
	}
	options := t.options.Dir
	options.Path, options.Layout = t.data, tenantdb.AsRecorded
	options.Migrate = tenantdb.MigrateLazily
	if why == toLook || why == toList {
		options.Migrate = tenantdb.MigrateVerify
	}
	if options.Logger == nil {
		options.Logger = slog.New(slog.NewTextHandler(t.terminal.over(cmd.ErrOrStderr()), &slog.HandlerOptions{Level: slog.LevelWarn}))
	}
	return tenantdb.Open(ctx, options)
}

// advise adds to an error what can be said with the folder open: which tenant was
// probably meant.
func (s *session) advise(ctx context.Context, err error) error {
	var own *tenantdb.Error
	var hinted *hintedError
	if !errors.As(err, &own) || errors.As(err, &hinted) {
		return err
	}
	hint := s.hint(ctx, own)
	if hint == "" {
		return err
	}
	return &hintedError{err, hint}
}

// hint says what to do next in terms of commands, or "" if the error does it.
func (s *session) hint(ctx context.Context, own *tenantdb.Error) string {
	program := s.program()
	var taken *catalog.AliasTakenError
	switch {
	case errors.As(own, &taken) && s.cmd.Flags().Lookup("move-from") != nil:
		return "move it with --move-from=" + taken.Alias.Tenant.String()
	case errors.As(own, &taken):
		return fmt.Sprintf("leave it out; %s tenants alias add, with --move-from=%s, then moves it", program, taken.Alias.Tenant)
	case errors.Is(own, catalog.ErrUnknownAlias):
		return program + " tenants alias list prints all there are"
	case errors.Is(own, tenantdb.ErrUnknownTenant) && !errors.Is(own, catalog.ErrDeleted), errors.Is(own, catalog.ErrNotRegistered):
		switch near := s.nearest(ctx, own.Tenant.String()); {
		case near == "":
			return program + " tenants list prints all there are"
		case near != own.Tenant.String():
			return "did you mean " + near + "?"
		case errors.Is(own, catalog.ErrNotRegistered):
			return program + " doctor " + near + " --fix puts it into the catalog"
		default: // the catalog has it, and it has no file
			return program + " doctor " + near + " says what is wrong with it"
		}
	case errors.Is(own, catalog.ErrDeleted):
		return fmt.Sprintf("%s tenants undelete %s brings it back", program, own.Tenant)
	case errors.Is(own, tenantdb.ErrTenantExists), errors.Is(own, catalog.ErrRegistered):
		return fmt.Sprintf("choose another ID, or look at it: %s tenants show %s", program, own.Tenant)
	case errors.Is(own, catalog.ErrSuspended):
		return fmt.Sprintf("%s tenants resume %s", program, own.Tenant)
	case errors.Is(own, catalog.ErrProtected):
		return fmt.Sprintf("%s tenants unprotect %s", program, own.Tenant)
	case errors.Is(own, catalog.ErrUnknownKey):
		return program + " tenants keys list prints all there are"
	case errors.Is(own, catalog.ErrKeyEnded):
		return fmt.Sprintf("%s tenants keys create %s makes a new one", program, own.Tenant)
	case errors.Is(own, catalog.ErrKeyReplaced):
		return "rotate the one that took its place"
	case errors.Is(own, lifecycle.ErrNoBackup):
		return program + " backups list prints all there are"
	case errors.Is(own, tenantdb.ErrTenantOpenElsewhere):
		return "end what uses it there for so long, and try again; a process that has not opened the catalog does not close it, and has to be stopped; --wait says for how long to wait"
	case errors.Is(own, tenantdb.ErrSchemaBehind):
		return migratedBy
	case errors.Is(own, tenantdb.ErrWrongSchema) && s.folder:
		return "name the folder of its own migrations with --schema, and the schema with --schema-name"
	}
	return ""
}

// program returns the name that the commands are mounted under.
func (s *session) program() string { return programOf(s.cmd) }

func programOf(cmd *cobra.Command) string {
	top := cmd
	for top.HasParent() && top.Parent().HasParent() {
		top = top.Parent()
	}
	return strings.TrimSuffix(strings.TrimSuffix(top.CommandPath(), top.Name()), " ")
}

// nearest returns the tenant that a wrong name was probably meant to be, or "".
func (s *session) nearest(ctx context.Context, wrong string) string {
	var known []string
	for one, err := range s.all(ctx, catalog.Filter{}) {
		if err != nil {
			return ""
		}
		known = append(known, one.ID)
	}
	return nearest.Name(wrong, known)
}

// parseID is tenantdb.ParseID for an argument: a name that cannot be one is a wrong call.
func parseID(name string) (tenantdb.ID, error) {
	id, err := tenantdb.ParseID(name)
	if err != nil {
		return id, &codedError{code: ExitUsage, err: err}
	}
	return id, nil
}
