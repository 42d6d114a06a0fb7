package grow

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/silokit/silo/cmd/internal/codegen"
)

// Write writes the files and calls generate, which makes Go of them. If that fails, or ctx is
// cancelled meanwhile, the files that it has written are removed again, but for those that somebody
// has edited since; the error says so and is what generate returned. A process that is killed leaves the file
// of queries alone, with which the next run goes on, or both.
func (a *Addition) Write(ctx context.Context, generate func(context.Context) error) error {
	written, err := a.write(ctx)
	if err == nil {
		if err = generate(ctx); err == nil {
			return nil
		}
	}
	if len(written) == 0 {
		return err
	}
	var failed []error
	for _, file := range written {
		failed = append(failed, removeIfSame(a.project.path(file.Path), file.Text))
	}
	return &UndoneError{err, errors.Join(failed...)}
}

// write writes the files, and returns those that it has written also when it fails. The migration comes last: with it the
// table is there.
func (a *Addition) write(ctx context.Context) (written []File, err error) {
	unlock, err := codegen.Lock(ctx, a.project.path(a.project.Name))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	queries, migration := a.Files[0], a.Files[1]
	err = a.disk.create(a.project.path(queries.Path), queries.Text)
	switch {
	case err == nil:
		written = append(written, queries)
	case errors.Is(err, fs.ErrExist):
		if err := a.checkFree(); err != nil {
			return nil, err
		}
	default:
		return nil, err
	}
	if err := a.disk.createNumbered(a.project.path(migration.Path), migration.Text); err != nil {
		return written, err
	}
	return append(written, migration), nil
}

// UndoneError says that a table could not be added, and that the project is as it was.
type UndoneError struct {
	Err     error // why
	Removal error // why a file that was written is still there; mostly nil
}

// Error says both.
func (e *UndoneError) Error() string { return fmt.Sprintf("%v: %s", e.Err, e.Undone()) }

// Undone says what became of the files.
func (e *UndoneError) Undone() string {
	if e.Removal != nil {
		return fmt.Sprintf("not all of the files that were written could be removed again: %v", e.Removal)
	}
	return "the files that were written were removed again"
}

// Unwrap returns both errors.
func (e *UndoneError) Unwrap() []error { return []error{e.Err, e.Removal} }
