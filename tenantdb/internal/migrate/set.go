package migrate

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Set is a folder of migrations, read and checked.
type Set struct {
	Migrations []Migration // by number
	Digest     string      // see Digest
	fsys       fs.FS       // rooted at the folder
}

// Migration is one file of a set.
type Migration struct {
	Version int64
	Name    string // the file's name
	Sum     string // of what it does: comments and blank lines do not count
	// CompatibleWith is the oldest version whose program may still use a
	// database on which this migration has run: what the file's line
	// "-- silo: compatible-with N" says, or Version.
	CompatibleWith int64
	text           string
}

// Load reads the migrations of fsys, which holds them at its root or in exactly
// one folder. It refuses what cannot be part of one transaction or what sqlc and
// goose would read differently; errors are ErrInvalid.
func Load(fsys fs.FS) (*Set, error) {
	names, err := files(fsys)
	if err != nil {
		return nil, err
	}
	root := path.Dir(names[0])
	sub, err := fs.Sub(fsys, root)
	if err != nil {
		return nil, &Error{Kind: ErrInvalid, Err: err}
	}
	set := &Set{fsys: sub}
	hash := sha256.New()
	var problems []error
	for _, name := range names {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, &Error{Kind: ErrInvalid, File: name, Err: err}
		}
		base := path.Base(name)
		fmt.Fprintf(hash, "%s %d\n%s\n", base, len(text), text)
		m, err := parse(base, string(text))
		if err != nil {
			problems = append(problems, err)
			continue
		}
		set.Migrations = append(set.Migrations, m)
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	slices.SortFunc(set.Migrations, func(a, b Migration) int { return cmp.Compare(a.Version, b.Version) })
	set.Digest = hex.EncodeToString(hash.Sum(nil))
	return set, set.check()
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

// parse reads what the runtime must know of one migration.
func parse(name, text string) (Migration, error) {
	invalid := func(line int, detail string) (Migration, error) {
		return Migration{}, &Error{Kind: ErrInvalid, File: name, Line: line, Detail: detail}
	}
	number, _, ok := strings.Cut(name, "_")
	version, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil || version < 1 {
		return invalid(0, "the name must be NUMBER_title.sql, such as 00001_create_users.sql")
	}
	m := Migration{Version: version, Name: name, CompatibleWith: version, text: text}
	sum := sha256.New()
	up := false
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		comment, isComment := strings.CutPrefix(line, "--")
		if !isComment {
			if line != "" {
				fmt.Fprintln(sum, line)
			}
			continue
		}
		comment = strings.TrimSpace(comment)
		if annotation, ok := strings.CutPrefix(comment, "+goose"); ok {
			annotation = strings.TrimSpace(annotation)
			switch {
			case !strings.HasPrefix(line, "-- +goose "):
				return invalid(i+1, "write the annotation as `-- +goose "+annotation+"`: sqlc reads no other form")
			case strings.EqualFold(annotation, "NO TRANSACTION"):
				return invalid(i+1, "NO TRANSACTION is refused: a migration that is not atomic can leave a tenant half migrated")
			case strings.EqualFold(annotation, "ENVSUB ON"):
				return invalid(i+1, "ENVSUB is refused: every tenant's schema must be the same")
			case strings.EqualFold(annotation, "Up"):
				up = true
			}
			fmt.Fprintln(sum, line)
		} else if value, ok := strings.CutPrefix(comment, "silo: compatible-with"); ok {
			n, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
			if err != nil || n < 1 || n > version {
				return invalid(i+1, fmt.Sprintf("compatible-with takes the number of an earlier migration, not %q", strings.TrimSpace(value)))
			}
			m.CompatibleWith = n
		}
	}
	if !up {
		return invalid(1, "there is no line `-- +goose Up`")
	}
	m.Sum = hex.EncodeToString(sum.Sum(nil))
	return m, nil
}
