package durable_test

import (
	"path/filepath"
	"testing"

	"github.com/silokit/silo/tenantdb/internal/durable"
)

func TestRemoveOfAFileWhoseFolderIsMissingIsNoError(t *testing.T) {
	if err := durable.Remove(filepath.Join(t.TempDir(), "missing", "file")); err != nil {
		t.Error(err)
	}
}
