package sqlitefault

import (
	"path/filepath"
	"strings"
	"sync"
	"testing"

	sqlite3 "modernc.org/sqlite/lib"
)

// File is a kind of file.
type File int

const (
	Database File = iota
	Log           // NAME-wal
	Journal       // NAME-journal
	Any           // in a Fault: whichever of them
)

// Op is what SQLite does with a file.
type Op int

const (
	Read Op = iota
	Write
	Sync
	Truncate
	Open
)

// Codes are what an operation may fail with (https://www.sqlite.org/rescode.html).
const (
	ReadFailed     = sqlite3.SQLITE_IOERR_READ
	ShortRead      = sqlite3.SQLITE_IOERR_SHORT_READ // the file ends before what is read; the rest is zero
	WriteFailed    = sqlite3.SQLITE_IOERR_WRITE
	SyncFailed     = sqlite3.SQLITE_IOERR_FSYNC
	TruncateFailed = sqlite3.SQLITE_IOERR_TRUNCATE
	DiskFull       = sqlite3.SQLITE_FULL
	OpenFailed     = sqlite3.SQLITE_CANTOPEN
)

// Fault is one thing that goes wrong.
type Fault struct {
	File  File
	Op    Op
	After int   // how many such operations succeed before
	Times int   // how many fail then; 0 is one
	Code  int32 // what they fail with
	Half  bool  // a write that fails has written its first half

	// Meanwhile, if there is one, is called in the middle of the operation, which then
	// goes on and does not fail.
	Meanwhile func()
}

// Plan says what fails of the files below one folder. It may be used by many goroutines.
type Plan struct {
	folder string

	mu      sync.Mutex // guards what follows; not held for any operation on a file
	armed   bool
	fault   Fault
	each    func() // called before each change of a file
	matched int    // operations that the fault is of, since Arm
	failed  int
}

// plans are those of all tests under way: a callback of SQLite's has nothing to know
// them by but the file's name.
var plans struct {
	sync.Mutex
	all []*Plan
}

// Below has the files in the folder and in folders below it fail as the plan says, those
// that are opened from now on. When the test ends it is over. Nobody may have a file of
// the folder open then.
func Below(t testing.TB, folder string) *Plan {
	t.Helper()
	if err := install(); err != nil {
		t.Fatal(err)
	}
	folder, err := filepath.EvalSymlinks(folder)
	if err != nil {
		t.Fatal(err)
	}
	p := &Plan{folder: folder + string(filepath.Separator)}
	plans.Lock()
	defer plans.Unlock()
	plans.all = append(plans.all, p)
	t.Cleanup(p.remove)
	return p
}

func (p *Plan) remove() {
	plans.Lock()
	defer plans.Unlock()
	for i, other := range plans.all {
		if other == p {
			plans.all = append(plans.all[:i:i], plans.all[i+1:]...)
		}
	}
}

// planOf returns the plan that a file is under, or nil.
func planOf(path string) *Plan {
	plans.Lock()
	defer plans.Unlock()
	for _, p := range plans.all {
		if strings.HasPrefix(path, p.folder) {
			return p
		}
	}
	return nil
}

// Arm has the fault happen, in the place of the one that was armed before.
func (p *Plan) Arm(f Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.armed, p.fault, p.matched, p.failed = true, f, 0, 0
}

// Disarm lets all operations succeed again, and returns how many have failed since Arm.
func (p *Plan) Disarm() (failed int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.armed = false
	return p.failed
}

// Each calls f before each operation that changes a file: a write, a sync, a cut, a
// removal. It is called by whoever does that, and may end the process.
func (p *Plan) Each(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.each = f
}

// changes is called before an operation that changes a file.
func (p *Plan) changes() {
	p.mu.Lock()
	each := p.each
	p.mu.Unlock()
	if each != nil {
		each()
	}
}

// fails says whether an operation is to fail now, and how.
func (p *Plan) fails(file File, op Op) (f Fault, yes bool) {
	if op != Read && op != Open {
		p.changes()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.armed || (p.fault.File != file && p.fault.File != Any) || p.fault.Op != op {
		return Fault{}, false
	}
	p.matched++
	if p.matched <= p.fault.After || p.failed >= max(p.fault.Times, 1) {
		return Fault{}, false
	}
	p.failed++
	if p.fault.Meanwhile == nil {
		return p.fault, true
	}
	p.mu.Unlock() // for operations within it
	p.fault.Meanwhile()
	p.mu.Lock()
	return Fault{}, false
}
