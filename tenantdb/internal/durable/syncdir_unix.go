//go:build unix

package durable

import (
	"errors"
	"os"
)

// SyncDir sees to it that names made and removed in the folder are on the disk.
func SyncDir(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
