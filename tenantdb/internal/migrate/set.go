package migrate

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"github.com/silokit/silo/tenantdb/internal/sqlite"
)

// Set is a folder of migrations, read and checked.
type Set struct {
	Migrations []Migration // by number
	Digest     string      // see Digest
	tables     *tables
}

// Migration is one file of a set.
type Migration struct {
	Version int64
	Name    string // the file's name
	Sum     string // of its Up: white space and comments do not count
	// CompatibleWith is the oldest version whose program may still use a
	// database on which this migration has run: what the file's line
	// "-- silo: compatible-with N" says, or Version.
	CompatibleWith int64
	units          []int    // the line that each text of its Up which goose runs begins on
	up, down       []string // these texts, and those of its Down
	text           string   // the file's
	namesOurs      bool     // there is a silo in these texts
}

// Load reads the migrations of fsys, which holds them at its root or in exactly
// one folder, once and for all: the set does not change with the folder. It refuses what
// cannot be part of one transaction or what sqlc and goose would read differently; errors
// are ErrInvalid.
func Load(fsys fs.FS) (*Set, error) { return load(fsys, applicationTables()) }

// LoadCatalog is Load for the migrations of Silo's own tables. What has run of them is
// recorded apart, and they may make tables whose names begin with silo_: their
// connection has the policy [sqlite.CatalogMigrations].
func LoadCatalog(fsys fs.FS) (*Set, error) { return load(fsys, catalogTables()) }

func load(fsys fs.FS, tables *tables) (*Set, error) {
	names, err := files(fsys)
	if err != nil {
		return nil, err
	}
	root := path.Dir(names[0])
	sub, err := fs.Sub(fsys, root)
	if err != nil {
		return nil, &Error{Kind: ErrInvalid, Err: err}
	}
	set := &Set{tables: tables}
	hash := sha256.New()
	read := once{FS: sub, texts: map[string][]byte{}}
	var problems []error
	for _, name := range names {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, &Error{Kind: ErrInvalid, File: name, Err: err}
		}
		base := path.Base(name)
		read.texts[base] = text
		// A checkout may have other line ends than that which the code was made from.
		text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
		fmt.Fprintf(hash, "%s %d\n%s\n", base, len(text), text)
		m, err := parse(base, string(text))
		if err != nil {
			problems = append(problems, err)
			continue
		}
		m.text = string(text)
		set.Migrations = append(set.Migrations, m)
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	slices.SortFunc(set.Migrations, func(a, b Migration) int { return cmp.Compare(a.Version, b.Version) })
	set.Digest = hex.EncodeToString(hash.Sum(nil))
	if err := set.check(); err != nil {
		return nil, err
	}
	if err := set.read(read); err != nil {
		return nil, err
	}
	return set, nil
}

// files returns the names of the .sql files of fsys, sorted.
func files(fsys fs.FS) ([]string, error) {
	var names []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && path.Ext(name) == ".sql" {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		return nil, &Error{Kind: ErrInvalid, Detail: "reading the migrations", Err: err}
	}
	if len(names) == 0 {
		return nil, &Error{Kind: ErrInvalid, Detail: "there is no .sql file; embed the folder, as in //go:embed tenant/*.sql"}
	}
	for _, name := range names {
		if path.Dir(name) != path.Dir(names[0]) {
			return nil, &Error{Kind: ErrInvalid, File: name, Detail: "migrations lie in more than one folder, the other is " + path.Dir(names[0])}
		}
	}
	slices.Sort(names)
	return names, nil
}

// check refuses sets whose order is not the same to everyone who reads them.
func (s *Set) check() error {
	var problems []error
	for i := 1; i < len(s.Migrations); i++ {
		before, m := s.Migrations[i-1], s.Migrations[i]
		switch {
		case before.Version == m.Version:
			problems = append(problems, &Error{Kind: ErrInvalid, File: m.Name, Version: m.Version, Detail: "has the same number as " + before.Name})
		case before.Name > m.Name:
			problems = append(problems, &Error{Kind: ErrInvalid, File: m.Name, Version: m.Version,
				Detail: "sorts before " + before.Name + " by name but after it by number; pad the numbers to the same width"})
		}
	}
	return errors.Join(problems...)
}

// Latest returns the highest version of the set.
func (s *Set) Latest() int64 { return s.Migrations[len(s.Migrations)-1].Version }

// Policy returns the policy of a connection on which the set may be run.
func (s *Set) Policy() sqlite.Policy {
	if s.tables.version == applicationTables().version {
		return sqlite.Migrations
	}
	return sqlite.CatalogMigrations
}
