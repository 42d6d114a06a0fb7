//go:build unix

package fleet_test

import (
	"errors"
	"os"
	"syscall"
)

const nobody = 65534

// becomeNobody makes this process, if it is root's, one of a user who is not.
func becomeNobody() error {
	if os.Getuid() != 0 {
		return nil
	}
	return errors.Join(syscall.Setgid(nobody), syscall.Setuid(nobody))
}
