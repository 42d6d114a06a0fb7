package dev

import "syscall"

// endWithUs has the system end a child when the thread that has started it ends, as it does when this process
// is killed.
func endWithUs(attributes *syscall.SysProcAttr) { attributes.Pdeathsig = syscall.SIGTERM }
