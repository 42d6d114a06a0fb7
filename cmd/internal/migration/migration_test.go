package migration_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/silokit/silo/cmd/internal/migration"
)

func TestTheNextMigrationHasTheNextNumberInTheWidthOfTheFolder(t *testing.T) {
	now := time.Date(2026, 11, 26, 6, 30, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		files []string
		want  string
		err   error
	}{
		"an empty folder":          {nil, "00001_add_tags.sql", nil},
		"numbers":                  {[]string{"00001_a.sql", "00009_b.sql", "schema.go", "README.md", "x_1.sql"}, "00010_add_tags.sql", nil},
		"numbers of three digits":  {[]string{"007_a.sql"}, "008_add_tags.sql", nil},
		"times":                    {[]string{"20240102030405_a.sql"}, "20261126063000_add_tags.sql", nil},
		"a time that is yet to be": {[]string{"20991231235959_a.sql"}, "20991231235960_add_tags.sql", nil},
		"digits that are used up":  {[]string{"99_a.sql"}, "", migration.ErrBadFolder},
		"a number that is none":    {[]string{"99999999999999999999_a.sql"}, "", migration.ErrBadFolder},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			for _, f := range test.files {
				if err := os.WriteFile(filepath.Join(folder, f), nil, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			got, err := migration.Next(folder, "add_tags", now)
			if !errors.Is(err, test.err) || err == nil && got != filepath.Join(folder, test.want) {
				t.Errorf("%s, %v; want %s, %v", got, err, test.want, test.err)
			}
		})
	}
	for _, name := range []string{"", "Add", "a b", "../a", "a__b", "_a", "a_", "ä"} {
		if _, err := migration.Next(t.TempDir(), name, now); !errors.Is(err, migration.ErrBadName) {
			t.Errorf("%q: %v", name, err)
		}
	}
	if _, err := migration.Next(filepath.Join(t.TempDir(), "nowhere"), "a", now); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

func TestAMigrationThatIsThereIsNotReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "00001_a.sql")
	if err := migration.Create(path); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != migration.Skeleton {
		t.Errorf("%q, %v", got, err)
	}
	if err := migration.Create(path); !errors.Is(err, fs.ErrExist) {
		t.Error(err)
	}
}
