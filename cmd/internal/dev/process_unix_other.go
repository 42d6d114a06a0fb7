//go:build unix && !linux

package dev

import "syscall"

// endWithUs does nothing: the system cannot end a child with its parent.
func endWithUs(*syscall.SysProcAttr) {}
