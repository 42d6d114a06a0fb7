//go:build !unix

package tenantdb

import (
	"fmt"
	"os"
)

// writable fails with ErrReadOnly for a file that nobody may write.
func writable(path string) error {
	info, err := os.Lstat(path)
	if err == nil && info.Mode().Perm()&0o200 == 0 {
		return fmt.Errorf("%w: it is marked as read-only", ErrReadOnly)
	}
	return nil //nolint:nilerr // what is wrong with it, opening it tells
}
