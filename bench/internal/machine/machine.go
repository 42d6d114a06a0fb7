// Package machine says what a report says about the machine and about versions.
package machine

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// Facts returns what is known of the machine, of the file system of dir, of Silo's version, whose
// module is in the folder silo, of the modules named, and of SQLite; what cannot be found out
// is left out.
func Facts(ctx context.Context, dir, silo string, modules ...string) (facts [][2]string) {
	add := func(name, value string) {
		if value != "" {
			facts = append(facts, [2]string{name, value})
		}
	}
	add("processor", fmt.Sprintf("%d × %s", runtime.NumCPU(), field("/proc/cpuinfo", "model name")))
	add("memory", field("/proc/meminfo", "MemTotal"))
	add("system", runtime.GOOS+"/"+runtime.GOARCH+", kernel "+kernel()+", "+fileSystem(dir))
	add("Go", runtime.Version())
	add("silo", strings.TrimSpace(output(ctx, "git", "-C", silo, "describe", "--always", "--dirty")))
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if slices.Contains(modules, module.Path) {
				add(module.Path, module.Version)
			}
		}
	}
	for _, driver := range sql.Drivers() {
		switch driver {
		case "sqlite":
			add("SQLite of modernc", sqliteVersion(ctx, driver))
		case "sqlite3":
			add("SQLite of mattn and C", sqliteVersion(ctx, driver))
		}
	}
	return facts
}

// Version returns what a program says of its version, or "" where there is no such program.
func Version(ctx context.Context, program string) string {
	return strings.TrimSpace(output(ctx, program, "--version"))
}

// Load returns the machine's load averages: proc(5), loadavg.
func Load() string {
	content, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(content))[:3], ", ")
}

// field returns the value of the first line of a file that begins with a name.
func field(path, name string) string {
	content, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(content)) {
		if before, after, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(before) == name {
			return strings.TrimSpace(after)
		}
	}
	return ""
}

func kernel() string {
	var name unix.Utsname
	if err := unix.Uname(&name); err != nil {
		return "unknown"
	}
	return unix.ByteSliceToString(name.Release[:])
}

// fileSystem names the file system of a folder: statfs(2).
func fileSystem(dir string) string {
	var stat unix.Statfs_t
	if err := unix.Statfs(dir, &stat); err != nil {
		return "unknown file system"
	}
	known := map[int64]string{unix.EXT4_SUPER_MAGIC: "ext4", unix.XFS_SUPER_MAGIC: "xfs", unix.BTRFS_SUPER_MAGIC: "btrfs", unix.TMPFS_MAGIC: "tmpfs", unix.OVERLAYFS_SUPER_MAGIC: "overlayfs"}
	if name, ok := known[int64(stat.Type)]; ok { //nolint:unconvert // of another type on other systems
		return name
	}
	return fmt.Sprintf("file system %#x", stat.Type)
}

func output(ctx context.Context, name string, args ...string) string {
	out, err := exec.CommandContext(ctx, name, args...).Output()
	if err != nil {
		return ""
	}
	return string(out)
}

func sqliteVersion(ctx context.Context, driver string) (version string) {
	db, err := sql.Open(driver, ":memory:")
	if err != nil {
		return ""
	}
	defer func() { _ = db.Close() }() // nothing is in it
	if err := db.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version); err != nil {
		return ""
	}
	return version
}
