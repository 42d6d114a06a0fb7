package tenantdb

import (
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// Options configure a [Dir]. Only Path is required; the zero value of each other
// field means its default. They are copied by Open and fixed until Close.
type Options struct {
	// Path is the data folder. It is created if it does not exist, with access
	// for its owner alone. Required.
	Path string

	// Layout says where in the folder the tenants' files are. It is recorded in
	// the folder when that is first opened; another one later is an error.
	// Defaults to Flat, which is right up to some ten thousand tenants.
	Layout Layout

	// MaxOpen is the most tenants that are open at once; a tenant is open while
	// it is used and then until its place is wanted or IdleAfter has passed. An
	// open tenant takes up to 7 file descriptors and some 200 KB, the more the
	// larger its schema, and up to a megabyte a connection while much is read;
	// after some seconds without use it gives that back. Defaults to as
	// many as half of the process's descriptors (RLIMIT_NOFILE) are enough for, and
	// at most 1,000. More than all of them are enough for is an error.
	MaxOpen int

	// IdleAfter is how long a tenant stays open after its last use. It is looked
	// for every minute, or every IdleAfter where that is shorter. Defaults to
	// 10 minutes; negative means until its place is wanted.
	IdleAfter time.Duration

	// Wait is how long a call waits for the tenant's one writer or for one of its
	// two readers, and an opening for another process's lock, when its context does
	// not end before. Defaults to 5 seconds.
	Wait time.Duration

	// SlowAfter is for how long a call has its connection that counts as slow: see [Usage].
	// Defaults to 100 ms; negative means none is.
	SlowAfter time.Duration

	// Durability says what loss of power may undo. Defaults to Normal.
	Durability Durability

	// Migrate says when tenants are migrated. Defaults to MigrateLazily.
	Migrate Migrate

	// Logger is told of migrations that ran, of tenants that could not be
	// migrated or closed, of leftovers removed, and of files that others write to, when a call has waited
	// for them for two seconds, and whenever it has waited twice as long: on Linux also of who they
	// are. Defaults to none.
	Logger *slog.Logger
}

// Layout says where in the data folder the tenants' files are.
type Layout int

const (
	// Flat is tenants/ID.db.
	Flat Layout = iota
	// Sharded is tenants/XX/ID.db, XX being two hexadecimal digits of the ID's
	// hash: for folders of more than some ten thousand tenants that people or
	// tools list.
	Sharded
	// AsRecorded is what the folder says of itself, for tools that are used on any; a
	// new folder is Flat.
	AsRecorded
)

// Durability says what loss of power may undo. The end of the process, however
// violent, undoes nothing that was acknowledged.
type Durability int

const (
	// Normal may lose the last commits, and nothing in between: the file is
	// whole. It is SQLite's synchronous=NORMAL.
	Normal Durability = iota
	// Full loses nothing that was acknowledged, for a wait for the disk at each
	// commit. It is SQLite's synchronous=FULL.
	Full
)

// Migrate says when tenants are migrated. The global database is migrated when it
// is opened, but for MigrateVerify.
type Migrate int

const (
	// MigrateLazily migrates a tenant when it is next opened.
	MigrateLazily Migrate = iota
	// MigrateAtOpen migrates all tenants when the store is opened, one after
	// the other. One that fails is logged, and refused when it is resolved.
	MigrateAtOpen
	// MigrateVerify migrates nothing: a file with pending migrations is
	// ErrSchemaBehind. New tenants are created migrated all the same.
	MigrateVerify
)

const (
	defaultMaxOpen   = 1000
	defaultIdleAfter = 10 * time.Minute
	defaultWait      = 5 * time.Second
	defaultSlow      = 100 * time.Millisecond
	sweepEvery       = time.Minute

	// maxReaders is the most readers of one tenant.
	maxReaders = 2
	// filesPerTenant is what a tenant with its writer and all readers holds:
	// database and log for each, the shared index once.
	filesPerTenant = 3 + 2*maxReaders
	// filesBesides is what the global database and standard streams need.
	filesBesides = filesPerTenant + 8
)

// withDefaults returns the options with defaults filled in, given the most files
// that the process may have open.
func (o Options) withDefaults(maxFiles int) (Options, error) {
	bad := func(format string, args ...any) (Options, error) {
		return Options{}, &Error{Op: "open", Path: o.Path, Err: fmt.Errorf(format, args...)}
	}
	budget := max((maxFiles-filesBesides)/filesPerTenant, 0)
	switch {
	case o.Path == "":
		return bad("Options.Path is empty; name the data folder")
	case strings.HasPrefix(o.Path, ":") || strings.HasPrefix(o.Path, "file:"):
		return bad("Options.Path is %q, a name that SQLite gives a meaning of its own; name a folder, such as ./%[1]s if that is meant", o.Path)
	case o.Layout < Flat || o.Layout > AsRecorded:
		return bad("Options.Layout is %d; use Flat, Sharded or AsRecorded", o.Layout)
	case o.Durability != Normal && o.Durability != Full:
		return bad("Options.Durability is %d; use Normal or Full", o.Durability)
	case o.Migrate < MigrateLazily || o.Migrate > MigrateVerify:
		return bad("Options.Migrate is %d; use MigrateLazily, MigrateAtOpen or MigrateVerify", o.Migrate)
	case o.MaxOpen < 0:
		return bad("Options.MaxOpen is %d; use 0 for the default", o.MaxOpen)
	case o.Wait < 0:
		return bad("Options.Wait is %v; use 0 for the default", o.Wait)
	case budget < 1:
		return bad("the process may have %d files open, %d are the least; raise the limit (ulimit -n)", maxFiles, filesBesides+filesPerTenant)
	case o.MaxOpen > budget:
		return bad("Options.MaxOpen is %d, but %d files, the process's limit, are enough for %d tenants; raise the limit (ulimit -n) or lower MaxOpen", o.MaxOpen, maxFiles, budget)
	}
	if o.MaxOpen == 0 {
		o.MaxOpen = min(max(budget/2, 1), defaultMaxOpen)
	}
	if o.IdleAfter == 0 {
		o.IdleAfter = defaultIdleAfter
	}
	if o.Wait == 0 {
		o.Wait = defaultWait
	}
	switch {
	case o.SlowAfter == 0:
		o.SlowAfter = defaultSlow
	case o.SlowAfter < 0:
		o.SlowAfter = never
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o, nil
}
