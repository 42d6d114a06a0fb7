//go:build unix

package lifecycle_test

import "syscall"

func makePipe(path string) error { return syscall.Mkfifo(path, 0o600) }
