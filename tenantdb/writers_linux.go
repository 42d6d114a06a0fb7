package tenantdb

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// writersOf returns which processes have locked a database to write to it, as proc_locks(5) says, or
// "" where it does not, as of a process in another container. It looks the file up by its name, and does not open it.
func writersOf(path string) string {
	locks, err := os.Open("/proc/locks")
	if err != nil {
		return ""
	}
	defer locks.Close() //nolint:errcheck // it was only read
	var found []string
	for _, process := range writersIn(locks, fileKey(path), fileKey(path+"-shm")) {
		found = append(found, processName(process))
	}
	return strings.Join(found, ", ")
}

// walWriteLock is the byte of the index of a log that its writer locks
// (https://www.sqlite.org/walformat.html#wal_locks).
const walWriteLock = 120

// writersIn returns the processes that have a lock for writing of a database, or of the writer of its log.
func writersIn(locks io.Reader, database, index string) (processes []int) {
	for lines := bufio.NewScanner(locks); lines.Scan(); {
		// 7: POSIX  ADVISORY  WRITE 4711 fe:00:1234 120 120; one that is waited for has an arrow behind its number
		f := strings.Fields(lines.Text())
		if len(f) != 8 || f[3] != "WRITE" {
			continue
		}
		process, err1 := strconv.Atoi(f[4])
		first, err2 := strconv.Atoi(f[6])
		last, err3 := strconv.Atoi(f[7])
		if f[7] == "EOF" {
			last, err3 = max(first, walWriteLock), nil
		}
		if err1 != nil || err2 != nil || err3 != nil || process <= 0 || slices.Contains(processes, process) {
			continue
		}
		if f[5] == database || f[5] == index && first <= walWriteLock && walWriteLock <= last {
			processes = append(processes, process)
		}
	}
	return processes
}

// fileKey returns what a file is called in the list of locks: the numbers of its device and its own.
func fileKey(path string) string {
	info, err := os.Lstat(path)
	if err != nil {
		return ""
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	device := stat.Dev // see makedev(3)
	major, minor := device>>8&0xfff|device>>32&^0xfff, device&0xff|device>>12&^0xff
	return fmt.Sprintf("%02x:%02x:%d", major, minor, stat.Ino)
}

func processName(process int) string {
	if process == os.Getpid() {
		return "this process"
	}
	name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", process))
	if err != nil {
		return fmt.Sprintf("process %d", process)
	}
	return fmt.Sprintf("process %d (%s)", process, strings.TrimSpace(string(name)))
}
