package lifecycle_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// diskEnv says where a small file system is to be mounted, in a process that has its mounts
// for itself.
const diskEnv = "SILO_TEST_DISK"

const diskSize = 24 << 20

// withSmallDisk runs f in a process that alone sees a file system of its own.
func withSmallDisk(t *testing.T, f func(t *testing.T, disk string)) {
	t.Helper()
	if disk := os.Getenv(diskEnv); disk != "" {
		if err := syscall.Mount("none", disk, "tmpfs", 0, fmt.Sprint("size=", diskSize)); err != nil {
			t.Skip("this system mounts no file system for this process, so there is none to fill: ", err)
		}
		f(t, disk)
		return
	}
	args := []string{"-test.run", "^" + t.Name() + "$", "-test.v"}
	if testing.Short() {
		args = append(args, "-test.short")
	}
	c := exec.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), diskEnv+"="+t.TempDir())
	c.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWNS | syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	out, err := c.CombinedOutput()
	var ended *exec.ExitError
	switch {
	case err != nil && !errors.As(err, &ended):
		t.Skip("this system gives no process a file system of its own, so there is none to fill: ", err)
	case err != nil:
		t.Errorf("%v\n%s", err, out)
	case strings.Contains(string(out), "--- SKIP"):
		t.Skip(string(out))
	default:
		t.Logf("in a process with a disk of its own:\n%s", out)
	}
}

// leave has a file system have so many bytes free, and none when they are used up.
func leave(t *testing.T, disk string, free int64) {
	t.Helper()
	var now syscall.Statfs_t
	if err := syscall.Statfs(disk, &now); err != nil {
		t.Fatal(err)
	}
	used := int64(now.Blocks-now.Bfree) * now.Bsize
	if err := syscall.Mount("none", disk, "tmpfs", syscall.MS_REMOUNT, fmt.Sprint("size=", used+free)); err != nil {
		t.Fatal(err)
	}
}

func empty(t *testing.T, disk string) {
	t.Helper()
	if err := syscall.Mount("none", disk, "tmpfs", syscall.MS_REMOUNT, fmt.Sprint("size=", diskSize)); err != nil {
		t.Fatal(err)
	}
}

// isFull reports whether an error is what a full disk makes of an operation. When there is no
// room for the wal-index, SQLite has no other word than that the disk has failed.
func isFull(err error) bool {
	return errors.Is(err, tenantdb.ErrDiskFull) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, tenantdb.ErrIO)
}

// Each operation meets a disk on which so many bytes are free: none, some more, and so on
// until it succeeds. What fails has left all as it was, or, where the disk became full between
// its two commits, in a state that Doctor finishes once there is room.
func TestAnOperationOnAFullDiskIsDoneOrLeavesAllAsItWas(t *testing.T) {
	withoutRaceDetector(t)
	withSmallDisk(t, func(t *testing.T, disk string) {
		for name, op := range crashing {
			t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
				f := prepareCrash(t, name, op, filepath.Join(disk, "run"))
				tried, mended := 0, 0
				for free := int64(0); ; free += 4096 + free/4096/4*4096 {
					full, byDoctor := f.runOnFullDisk(t, disk, free)
					if !full || t.Failed() {
						break
					}
					tried++
					mended += byDoctor
				}
				t.Logf("%s failed on %d full disks, of which Doctor had to finish %d", name, tried, mended)
			})
		}
	})
}

// runOnFullDisk runs an operation with so much room, and reports whether that was too little, and
// whether Doctor had to go on.
func (f *folder) runOnFullDisk(t *testing.T, disk string, free int64) (full bool, mended int) {
	t.Helper()
	t.Run(fmt.Sprint(free/1024, "-KiB"), func(t *testing.T) {
		f.renew(t)
		w := worldIn(t, f.data(), lifecycle.Options{})
		ctx := t.Context()
		leave(t, disk, free)
		err := f.op.run(ctx, w)
		empty(t, disk)
		if full = err != nil; full && !isFull(err) {
			t.Fatalf("a full disk is: %v", err)
		}
		list, found := w.findings(ctx, lifecycle.DoctorOptions{})
		if found != nil {
			t.Fatal(found)
		}
		for _, finding := range list {
			// There was no room either to undo it. Nobody reaches the tenant.
			if finding.Kind != lifecycle.FoundInterrupted && finding.Kind != lifecycle.FoundDeletedFile && f.name != "doctor" {
				t.Errorf("left: %+v", finding)
			}
		}
		if len(list) > 0 {
			mended = 1
			if _, err := w.findings(ctx, lifecycle.DoctorOptions{Fix: lifecycle.FixSafe}); err != nil {
				t.Fatal(err)
			}
		}
		w.wantHealthy(t)
		before, after := f.op.before(ctx, w), f.op.after(ctx, w)
		if after != nil && (!full || before != nil) {
			t.Errorf("it is neither as before (%v) nor as after it (%v)", before, after)
		}
		if err := has(bystander, "by")(ctx, w); err != nil {
			t.Error(err)
		}
	})
	return full, mended
}

// A target that is full leaves nothing of a backup there, and the tenant as it was.
func TestABackupToAFullDiskLeavesNothingThere(t *testing.T) {
	withSmallDisk(t, func(t *testing.T, disk string) {
		target := filepath.Join(disk, "backups")
		w := newWorld(t, lifecycle.Options{Backups: lifecycle.NewFolder(target)})
		id := w.create(t, "acme", "first")
		b := w.backup(t, id)
		if err := w.put(id, "made", "second"); err != nil {
			t.Fatal(err)
		}
		failed := 0
		for free := int64(0); ; free += 16 << 10 {
			leave(t, disk, free)
			_, err := w.m.Backup(context.Background(), id, lifecycle.BackupOptions{})
			if err == nil {
				break
			}
			failed++
			if !isFull(err) {
				t.Fatalf("%d KiB: %v", free>>10, err)
			}
			entries, err := os.ReadDir(filepath.Join(target, "acme"))
			if err != nil || len(entries) != 2 {
				t.Fatalf("%d KiB: there are %v, %v", free>>10, entries, err)
			}
			w.wantValue(t, id, "made", "second")
			w.wantHealthy(t)
		}
		if _, err := w.m.Verify(t.Context(), id, b.Sequence); err != nil {
			t.Error(err)
		}
		if got := w.sequences(t, id); len(got) != 2 || failed < 5 {
			t.Errorf("it failed %d times; the backups are %v", failed, got)
		}
		empty(t, disk)
	})
}
