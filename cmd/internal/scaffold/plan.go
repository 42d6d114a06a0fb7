package scaffold

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Existing is what is done about a folder that is there already.
type Existing int

const (
	// Refuse takes an empty folder, and no other. The default.
	Refuse Existing = iota

	// Complete adds the files that are missing to a folder with others in it. A file that is
	// there must be as it would be written; none is ever overwritten.
	Complete
)

// ErrNotEmpty is returned for a folder with something in it, unless it is to be completed.
var ErrNotEmpty = errors.New("the folder is not empty")

// ConflictError says which files are there and are not as they would be written.
type ConflictError struct{ Paths []string }

// Error names them.
func (e *ConflictError) Error() string {
	const most = 5
	named := e.Paths[:min(len(e.Paths), most)]
	more := ""
	if rest := len(e.Paths) - len(named); rest > 0 {
		more = fmt.Sprintf(" and %d more", rest)
	}
	return fmt.Sprintf("there already, and another than would be written: %s%s; nothing was written", strings.Join(named, ", "), more)
}

// State is what there is of a file.
type State string

// The states of a file.
const (
	New  State = "new"  // it is not there
	Same State = "same" // it is there, as it would be written
)

// Step is what is done about one file.
type Step struct {
	File  `json:"-"`
	Path  string `json:"path"`
	State State  `json:"state"`
}

// Plan is the files of a service and the folder in which they are to be.
type Plan struct {
	Dir   string // absolute
	Steps []Step // sorted by path

	fresh bool // the folder is not there
	disk  disk
}

// NewPlan looks at what is in a folder. It writes nothing. Files that are in the way are a
// ConflictError; a folder that may not be completed is ErrNotEmpty. Links in the folder are not
// followed to anywhere outside.
func NewPlan(dir string, files []File, existing Existing) (*Plan, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	p := &Plan{Dir: absolute}
	root, err := os.OpenRoot(absolute)
	if errors.Is(err, fs.ErrNotExist) {
		p.fresh = true
		for _, file := range files {
			p.Steps = append(p.Steps, Step{file, file.Path, New})
		}
		return p, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }()
	if err := refuse(absolute, existing); err != nil {
		return nil, err
	}
	var conflicts []string
	for _, file := range files {
		state, err := stateOf(root, file)
		if err != nil {
			conflicts = append(conflicts, file.Path)
		}
		p.Steps = append(p.Steps, Step{file, file.Path, state})
	}
	if len(conflicts) > 0 {
		return nil, &ConflictError{conflicts}
	}
	return p, nil
}

// refuse returns ErrNotEmpty for a folder that is not to be completed and not empty. What a killed
// Commit has left is nothing, for the next one removes it.
func refuse(dir string, existing Existing) error {
	if existing == Complete {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if err == nil && len(slices.DeleteFunc(entries, isStaging)) > 0 {
		err = fmt.Errorf("%s: %w", dir, ErrNotEmpty)
	}
	return err
}

var errOther = errors.New("another file")

// stateOf returns what there is of a file. Whatever cannot be compared is an error.
func stateOf(root *os.Root, file File) (State, error) {
	name := filepath.FromSlash(file.Path)
	info, err := root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return New, nil
	case err != nil:
		return "", err
	case !info.Mode().IsRegular():
		return "", errOther
	}
	text, err := root.ReadFile(name)
	if err == nil && string(text) != string(file.Contents) {
		err = errOther
	}
	return Same, err
}
