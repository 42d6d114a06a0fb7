package tenantdb_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/childtest"
	"github.com/silokit/silo/tenantdb/query"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// fillDisk mounts a file system of 1 MiB, which it alone sees, and writes until
// that is full.
func fillDisk(args []string) error {
	if err := syscall.Mount("none", args[0], "tmpfs", 0, "size=1m"); err != nil {
		fmt.Println("cannot mount:", err)
		return nil
	}
	dir, store, err := childStore[notes](args[0])
	if err != nil {
		return err
	}
	id, err := tenantdb.ParseID("acme")
	if err != nil {
		return err
	}
	if err := store.Create(context.Background(), id); err != nil {
		return err
	}
	ctx, db, err := childTenant(store, "acme")
	if err != nil {
		return err
	}
	out := filepath.Join(args[0], "out")
	if err := os.Mkdir(out, 0o700); err != nil {
		return err
	}
	written := int64(0)
	for {
		err = add(ctx, db, fmt.Sprint(written, strings.Repeat("x", 10_000)))
		if err != nil {
			break
		}
		written++
	}
	if !errors.Is(err, tenantdb.ErrDiskFull) || !tenantdb.SafeToRetry(err) {
		return fmt.Errorf("a full disk is: %w", err)
	}
	if n, err := count(ctx, db, countNotes); err != nil || n != written {
		return fmt.Errorf("%d rows of %d are left: %w", n, written, err)
	}
	other, err := tenantdb.ParseID("globex")
	if err != nil {
		return err
	}
	if err := store.Create(context.Background(), other); !errors.Is(err, tenantdb.ErrDiskFull) {
		return fmt.Errorf("creating a tenant on a full disk is: %w", err)
	}
	if left, err := filepath.Glob(filepath.Join(args[0], "tenants", "*globex*")); err != nil || len(left) > 0 {
		return fmt.Errorf("left behind: %v, %w", left, err)
	}
	if _, err := store.Snapshot(context.Background(), id, filepath.Join(out, "copy.db"), tenantdb.SnapshotOptions{}); !errors.Is(err, tenantdb.ErrDiskFull) {
		return fmt.Errorf("a copy on a full disk is: %w", err)
	}
	if left, err := os.ReadDir(out); err != nil || len(left) > 0 {
		return fmt.Errorf("left behind: %v, %w", left, err)
	}
	// Once there is room, it goes on.
	clear := query.Write("Clear", "notes.sql:60", "DELETE FROM notes WHERE id > 1")
	if err := syscall.Mount("none", args[0], "tmpfs", syscall.MS_REMOUNT, "size=4m"); err != nil {
		return err
	}
	if err := query.Exec(ctx, tenantdb.Bind(db), clear); err != nil {
		return fmt.Errorf("with room again: %w", err)
	}
	if err := add(ctx, db, "after"); err != nil {
		return fmt.Errorf("with room again: %w", err)
	}
	// A full disk does not keep anybody from deleting, which makes room.
	for err = nil; err == nil; written++ {
		err = add(ctx, db, fmt.Sprint("more", written, strings.Repeat("x", 10_000)))
	}
	if !errors.Is(err, tenantdb.ErrDiskFull) {
		return fmt.Errorf("a full disk is: %w", err)
	}
	if err := store.Delete(context.Background(), id); err != nil {
		return fmt.Errorf("deleting on a full disk: %w", err)
	}
	fmt.Println("held")
	return dir.Close()
}

func TestAFullDiskLosesNothingAndIsRecoveredFrom(t *testing.T) { runMounting(t, "fillDisk") }

// smallDisks creates tenants on file systems of all sizes around what one takes.
func smallDisks(args []string) error {
	failed, created := 0, 0
	for size := 8; size < 240; size += 4 {
		if err := syscall.Mount("none", args[0], "tmpfs", 0, fmt.Sprintf("size=%dk", size)); err != nil {
			fmt.Println("cannot mount:", err)
			return nil
		}
		dir, store, err := childStore[notesLater](args[0])
		if errors.Is(err, syscall.ENOSPC) {
			if err := syscall.Unmount(args[0], 0); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		id, err := tenantdb.ParseID("acme")
		if err != nil {
			return err
		}
		err = store.Create(context.Background(), id)
		switch {
		case errors.Is(err, tenantdb.ErrDiskFull), errors.Is(err, syscall.ENOSPC):
			failed++
			if left, err := filepath.Glob(filepath.Join(args[0], "tenants", "*")); err != nil || len(left) > 0 {
				return fmt.Errorf("%d KiB: left behind: %v, %w", size, left, err)
			}
		case err != nil:
			return fmt.Errorf("%d KiB: %w", size, err)
		default:
			created++
			// Whole, whether or not there is room for the files beside it.
			if _, _, err := childTenant(store, "acme"); err != nil && !errors.Is(err, tenantdb.ErrDiskFull) && !errors.Is(err, tenantdb.ErrIO) {
				return fmt.Errorf("%d KiB: a tenant that was created: %w", size, err)
			}
			if err := store.Delete(context.Background(), id); err != nil {
				return fmt.Errorf("%d KiB: deleting it: %w", size, err)
			}
		}
		if err := errors.Join(dir.Close(), syscall.Unmount(args[0], 0)); err != nil {
			return err
		}
	}
	if failed == 0 || created == 0 {
		return fmt.Errorf("%d were created, %d were not", created, failed)
	}
	fmt.Println("held")
	return nil
}

func TestATenantIsCreatedWholeOrNotAtAllHoweverFullTheDisk(t *testing.T) {
	runMounting(t, "smallDisks")
}

// runMounting runs a child that may mount file systems.
func runMounting(t *testing.T, name string) {
	t.Helper()
	folder := t.TempDir()
	cmd := childtest.Command(name, folder)
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWNS | syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	c, err := childtest.Begin(cmd)
	if err != nil {
		t.Skip("this system gives no process a file system of its own, so there is none to fill: " + err.Error())
	}
	if line := c.Line(t); strings.HasPrefix(line, "cannot mount") {
		c.Finish(t)
		t.Skip("this system mounts no file system for this process, so there is none to fill: " + line)
	}
	c.Finish(t)
}

// readOnly tries to use folders that this process, of a user without rights, may not
// write.
func readOnly(args []string) error {
	if os.Getuid() == 0 {
		if err := syscall.Setgid(65534); err != nil {
			return err
		}
		if err := syscall.Setuid(65534); err != nil {
			return err
		}
	}
	dir, store, err := childStore[notes](args[0])
	if err != nil {
		return err
	}
	id, err := tenantdb.ParseID("new")
	if err != nil {
		return err
	}
	if err := store.Create(context.Background(), id); !errors.Is(err, os.ErrPermission) {
		return fmt.Errorf("creating a tenant is: %w", err)
	}
	_, _, err = childTenant(store, "acme")
	var own *tenantdb.Error
	if !errors.As(err, &own) || own.Hint == "" || !(errors.Is(err, tenantdb.ErrReadOnly) || errors.Is(err, tenantdb.ErrCannotOpen)) {
		return fmt.Errorf("resolving a tenant is: %w", err)
	}
	if _, err := tenantdb.Open(context.Background(), tenantdb.Options{Path: filepath.Join(args[0], "tenants", "sub")}); !errors.Is(err, os.ErrPermission) {
		return fmt.Errorf("opening a new folder in it is: %w", err)
	}
	return dir.Close()
}

func TestAFolderThatMayNotBeWrittenIsRefusedWithWhatToDo(t *testing.T) {
	folder := folderWith[notes](t)
	for dir := folder; dir != "/" && dir != os.TempDir(); dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	tenants := filepath.Join(folder, "tenants")
	for path, mode := range map[string]os.FileMode{
		tenants: 0o555, filepath.Join(tenants, "acme.db"): 0o444, filepath.Join(folder, "silo.json"): 0o444,
	} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	defer os.Chmod(tenants, 0o755)
	childtest.Start(t, "readOnly", folder).Finish(t)
}

// fewFiles uses many tenants with few descriptors.
func fewFiles(args []string) error {
	limit := syscall.Rlimit{Cur: 64, Max: 64}
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return err
	}
	if _, err := tenantdb.Open(context.Background(), tenantdb.Options{Path: args[0], MaxOpen: 50}); err == nil {
		return errors.New("more tenants than there are descriptors for were allowed")
	}
	dir, store, err := childStore[notes](args[0])
	if err != nil {
		return err
	}
	use := func(name string) error {
		ctx, db, err := childTenant(store, name)
		if err != nil {
			return err
		}
		_, err = count(ctx, db, countNotes)
		return errors.Join(err, add(ctx, db, fmt.Sprint("x", dir.Stats().Opened)))
	}
	for range 3 {
		for i := range 30 {
			if err := use(fmt.Sprintf("t%d", i)); err != nil {
				return err
			}
		}
	}
	// Other parts of the program take all that is left: idle tenants are closed
	// for the one that is wanted.
	var taken []*os.File
	for {
		f, err := os.Open(os.DevNull)
		if err != nil {
			break
		}
		taken = append(taken, f)
	}
	for i := range 30 {
		if err := use(fmt.Sprintf("t%d", i)); err != nil {
			return fmt.Errorf("with %d descriptors taken: %w", len(taken), err)
		}
	}
	// With none at all it is said that there are none.
	if dir.Stats().Open == 0 {
		return errors.New("no tenant is open")
	}
	return dir.Close()
}

func TestAProcessWithFewDescriptorsUsesManyTenants(t *testing.T) {
	folder := t.TempDir()
	dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder})
	if err != nil {
		t.Fatal(err)
	}
	store := openStore[notes](t, dir)
	for i := range 30 {
		create(t, store, fmt.Sprintf("t%d", i))
	}
	if err := dir.Close(); err != nil {
		t.Fatal(err)
	}
	childtest.Start(t, "fewFiles", folder).Finish(t)
	if err := tenanttest.Check(t.Context(), folder); err != nil {
		t.Error(err)
	}
}

// failCommit lets the write of a commit fail half way, by a limit on the size of
// files, and tells what it was told.
func failCommit(args []string) error {
	signal.Ignore(syscall.SIGXFSZ) // so that the write fails instead of the process
	dir, store, err := childStore[notes](args[0])
	if err != nil {
		return err
	}
	ctx, db, err := childTenant(store, "acme")
	if err != nil {
		return err
	}
	if err := add(ctx, db, "first"); err != nil {
		return err
	}
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		return err
	}
	log, err := os.Stat(filepath.Join(args[0], "tenants", "acme.db-wal"))
	if err != nil {
		return err
	}
	limit := syscall.Rlimit{Cur: uint64(log.Size()) + 100, Max: before.Max}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	err = add(ctx, db, "second")
	if !errors.Is(err, tenantdb.ErrOutcomeUnknown) || !errors.Is(err, tenantdb.ErrIO) || tenantdb.SafeToRetry(err) {
		return fmt.Errorf("a commit whose write fails is: %w", err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		return err
	}
	// The file is opened anew, and then it is known.
	bodies, err := list(ctx, db)
	if err != nil || len(bodies) < 1 || bodies[0] != "first" {
		return fmt.Errorf("afterwards there are %q: %w", bodies, err)
	}
	if err := add(ctx, db, "third"); err != nil {
		return fmt.Errorf("afterwards: %w", err)
	}
	if s := dir.Stats(); s.Opened != 2 {
		return fmt.Errorf("the file was opened %d times", s.Opened)
	}
	return dir.Close()
}

func TestACommitThatFailsHalfWayIsToldAsOfUnknownOutcome(t *testing.T) {
	folder := folderWith[notes](t)
	// Take away the notes that the folder came with.
	dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: folder})
	if err != nil {
		t.Fatal(err)
	}
	store := openStore[notes](t, dir)
	if err := store.Delete(t.Context(), tenanttest.ID(t, "acme")); err != nil {
		t.Fatal(err)
	}
	create(t, store, "acme")
	if err := dir.Close(); err != nil {
		t.Fatal(err)
	}
	childtest.Start(t, "failCommit", folder).Finish(t)
}
