package lifecycle

import (
	"context"
	"errors"
	"iter"
	"slices"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// Finding is something that is not as it should be. Its encoding as JSON is stable.
type Finding struct {
	Kind    FindingKind `json:"kind"`
	Tenant  tenantdb.ID `json:"tenant,omitzero"`
	Path    string      `json:"path,omitempty"`
	Problem string      `json:"problem"`        // what is wrong
	Next    string      `json:"next,omitempty"` // what to do about it
	Remedy  Remedy      `json:"remedy"`
	Error   string      `json:"error,omitempty"` // why it was not mended
}

// FindingKind names what is wrong.
type FindingKind string

// What Doctor finds.
const (
	FoundInterrupted FindingKind = "interrupted"  // an operation that died: a tenant that is being created, deleted or erased
	FoundMissingFile FindingKind = "missing file" // a tenant in the catalog without its file
	FoundOrphanFile  FindingKind = "orphan file"  // a tenant's file without an entry in the catalog
	FoundDeletedFile FindingKind = "deleted file" // a deleted tenant's file in the place of one that is used
	FoundGoneFile    FindingKind = "gone file"    // a file that is marked as deleted and was not removed
	FoundLeftover    FindingKind = "leftover"     // what a process that died was building
	FoundStray       FindingKind = "stray file"   // a file that is nobody's
	FoundPermissions FindingKind = "permissions"  // a file or folder that others than its owner can reach
	FoundLongLog     FindingKind = "long log"     // a -wal of more than LongLog
	FoundSchema      FindingKind = "schema"       // a file that is not of this program's schema, or beside it
	FoundNewer       FindingKind = "newer schema" // a file that a newer release has migrated, which this one cannot compare with its own
	FoundDamage      FindingKind = "damage"       // a file that SQLite's checks do not pass, or that cannot be read
	FoundHalfBackup  FindingKind = "half backup"  // a database in the Target without a manifest, or the reverse

	// FoundForeignBackups is a Target with the backups of another data folder.
	FoundForeignBackups FindingKind = "foreign backups"
)

// Remedy says what becomes of a finding.
type Remedy string

// What Doctor does.
const (
	RemedyNone    Remedy = "none"    // only people can mend it: see Next
	RemedyCan     Remedy = "can"     // it is safe to mend; Doctor was not asked to
	RemedyMended  Remedy = "mended"  // it was mended
	RemedyFailed  Remedy = "failed"  // see Error
	RemedyPending Remedy = "pending" // an operation on the tenant is under way: look again later
)

// DoctorOptions say what is looked at. The zero value looks at names, states and sizes, and
// mends nothing.
type DoctorOptions struct {
	// Tenant, if not zero, is the only one that is looked at.
	Tenant tenantdb.ID

	// Depth says how much of each file is read. Defaults to DepthNames.
	Depth Depth

	// Fix says whether what is safe is mended. Defaults to FixNothing.
	Fix Fix
}

// Depth says how much of each tenant's file Doctor reads.
type Depth int

// How much.
const (
	DepthNames Depth = iota // none of it

	// DepthContent reads all: SQLite's quick_check, foreign keys, and the schema compared with
	// the migrations, on a copy of each, one after the other.
	DepthContent
)

// Fix says what Doctor mends.
type Fix int

// What is mended.
const (
	FixNothing Fix = iota

	// FixSafe mends what loses no data: interrupted operations are finished (a creation that
	// was, is undone), leftovers removed, permissions tightened, files without an entry registered.
	FixSafe
)

// LongLog is the size in bytes of a -wal from which on Doctor finds it long.
const LongLog = 64 << 20

// Doctor compares the catalog, the files and the backups, and yields what is not as it
// should be, tenant by tenant. It may run while all is used: a tenant on which an operation
// is under way is passed over (RemedyPending). The sequence's own error ends it.
func (m *Manager[S]) Doctor(ctx context.Context, o DoctorOptions) iter.Seq2[Finding, error] {
	return func(yield func(Finding, error) bool) {
		d := doctor[S]{m: m, o: o, yield: yield}
		if err := d.run(ctx); err != nil && !errors.Is(err, errLeft) {
			yield(Finding{}, err)
		}
	}
}

// errLeft ends a run when nobody wants more findings.
var errLeft = errors.New("nobody wants more findings")

type doctor[S tenantdb.TenantSchema] struct {
	m     *Manager[S]
	o     DoctorOptions
	yield func(Finding, error) bool

	foreign bool // the Target has the backups of another data folder, of which nothing is this one's to mend
}

// found yields a finding, after mending it if that is wanted. mend is nil where nothing is safe.
func (d *doctor[S]) found(ctx context.Context, f Finding, mend func(context.Context) error) error {
	switch {
	case f.Remedy != "":
	case mend == nil:
		f.Remedy = RemedyNone
	case d.o.Fix == FixNothing:
		f.Remedy = RemedyCan
	default:
		result := ResultOK
		f.Remedy = RemedyMended
		if err := mend(ctx); err != nil {
			result = ResultFailed
			f.Remedy, f.Error = RemedyFailed, err.Error()
		}
		d.m.note(ctx, OpMend, f.Tenant, result, detail{"kind": f.Kind, "path": f.Path, "error": f.Error})
	}
	if !d.yield(f, nil) {
		return errLeft
	}
	return ctx.Err()
}

func (d *doctor[S]) run(ctx context.Context) error {
	if err := d.target(ctx); err != nil {
		return err
	}
	ids, err := d.tenants(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := d.tenant(ctx, id); err != nil {
			return err
		}
	}
	if !d.o.Tenant.IsZero() {
		return nil
	}
	if err := d.m.sweepKeys(ctx); err != nil {
		return err
	}
	return d.folders(ctx)
}

// target looks whose backups the Target has.
func (d *doctor[S]) target(ctx context.Context) error {
	err := d.m.mine(ctx)
	if d.foreign = errors.Is(err, ErrForeignBackups); !d.foreign {
		return err
	}
	return d.found(ctx, Finding{Kind: FoundForeignBackups, Problem: err.Error(), Next: hintOf(ErrForeignBackups)}, nil)
}

// tenants returns the IDs of all that the catalog, the folder or the Target knows.
func (d *doctor[S]) tenants(ctx context.Context) ([]tenantdb.ID, error) {
	if !d.o.Tenant.IsZero() {
		return []tenantdb.ID{d.o.Tenant}, nil
	}
	ids, err := d.m.store.Tenants(ctx)
	if err != nil {
		return nil, err
	}
	for t, err := range d.m.catalog.List(ctx, catalog.Filter{}) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, t.ID)
	}
	for of, err := range d.m.ownersWithBackups(ctx, "") {
		if err != nil {
			return nil, err
		}
		ids = append(ids, of.tenant)
	}
	ids = append(ids, tenantdb.ID{}) // the global database
	// Where locks are files, one whose holder died is removed by whoever holds it next: here.
	ids = append(ids, d.m.locks.left()...)
	ids = append(ids, d.m.atWork()...) // perhaps of a tenant that was never made
	slices.SortFunc(ids, compareIDs)
	return slices.Compact(ids), nil
}

// tenant looks at one tenant, if no operation on it is under way.
func (d *doctor[S]) tenant(ctx context.Context, id tenantdb.ID) error {
	ctx, release, err := d.m.locks.try(ctx, id)
	var stray *strayError
	if errors.As(err, &stray) && stray.path == d.m.locks.file(id) { // else it is in the place of everybody's
		return d.found(ctx, Finding{Kind: FoundStray, Tenant: id, Path: stray.path, Problem: "it is in the place of the tenant's lock, and is none", Next: "see what it is, and move it away: until then nothing can be done to the tenant"}, nil)
	}
	if err != nil {
		return err
	}
	if release == nil && id.IsZero() {
		return nil // it is being backed up
	}
	if release == nil {
		is, err := d.m.find(ctx, id)
		if err != nil || is == nil || is.State != catalog.Creating && is.State != catalog.Deleting {
			return err
		}
		return d.found(ctx, Finding{Kind: FoundInterrupted, Tenant: id, Problem: "the tenant is " + string(is.State), Remedy: RemedyPending, Next: "wait until the operation has ended"}, nil)
	}
	defer release()
	if id.IsZero() {
		if err := d.leftWork(ctx, id); err != nil {
			return err
		}
		return d.halfBackups(ctx, id)
	}
	is, err := d.m.find(ctx, id)
	if err != nil {
		return err
	}
	there, err := d.m.hasFile(ctx, id)
	if err != nil {
		return err
	}
	if err := d.state(ctx, subject{id, is, there}); err != nil {
		return err
	}
	if err := d.leftWork(ctx, id); err != nil {
		return err
	}
	if err := d.halfBackups(ctx, id); err != nil {
		return err
	}
	if !there || is != nil && is.State != catalog.Active && is.State != catalog.Suspended && is.State != catalog.Quarantined {
		return nil
	}
	if err := d.kept(ctx, id); err != nil || d.o.Depth != DepthContent {
		return err
	}
	return d.content(ctx, id)
}
