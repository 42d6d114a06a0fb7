package grow

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/silokit/silo/cmd/internal/codegen"
)

// File is a file to be written.
type File struct {
	Path string // as [Migration] and [Addition] say
	Text string
}

// Migration is a migration that has not been written yet.
type Migration struct {
	File // its path is that of the folder with the name behind it
	disk disk
}

// NewMigration makes the migration of a name, with the number that is next in a folder, or the first
// in one that is empty or does not exist. now is the present time, for folders in
// which times are the numbers.
func NewMigration(folder, name string, now time.Time) (*Migration, error) {
	if err := checkName("migration", name); err != nil {
		return nil, err
	}
	files, err := sqlNames(folder)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		if parts := numbered.FindStringSubmatch(file); parts != nil && parts[2] == name {
			return nil, fmt.Errorf("%s has this name already: choose another", file)
		}
	}
	file := filepath.Join(folder, seriesOf(files).next(now)+"_"+name+".sql")
	return &Migration{File: File{file, migrationText(name)}}, nil
}

// migrationText is what a new migration says. The comments are for who fills it.
func migrationText(name string) string {
	var out strings.Builder
	out.WriteString("-- +goose Up\n")
	if strings.Contains(name, "trigger") {
		// Only a trigger has semicolons within it.
		out.WriteString("-- +goose StatementBegin\n-- CREATE TRIGGER … BEGIN …; END;\n-- +goose StatementEnd\n")
	}
	out.WriteString("\n-- +goose Down\n")
	return out.String()
}

// sqlNames returns the names of the .sql files in a folder, of which there are none in one that does not exist.
func sqlNames(folder string) (names []string, err error) {
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), ".sql") && !strings.HasPrefix(entry.Name(), ".") {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

// Write writes the migration, unless another has taken its number or name since. Runs
// of silo for the same project wait for each other: config is its configuration, or any file of the
// folder where there is none. Cancelling ctx ends that wait.
func (m *Migration) Write(ctx context.Context, config string) (err error) {
	unlock, err := codegen.Lock(ctx, config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	return m.disk.createNumbered(m.Path, m.Text)
}

// createNumbered is create for a migration, whose number must be free too.
func (d disk) createNumbered(file, text string) error {
	names, err := sqlNames(filepath.Dir(file))
	if err != nil {
		return err
	}
	taken := slices.IndexFunc(names, func(name string) bool { return numberOf(name) == numberOf(filepath.ToSlash(file)) })
	if taken >= 0 {
		return fmt.Errorf("%s has come meanwhile and has the number of %s: run this again", names[taken], path.Base(filepath.ToSlash(file)))
	}
	return d.create(file, text)
}
