//go:build unix

package lifecycle

import "syscall"

// asItIs has the file of a lock opened under that very name: no link is followed, and the other
// end of a pipe is not waited for.
const asItIs = syscall.O_NOFOLLOW | syscall.O_NONBLOCK
