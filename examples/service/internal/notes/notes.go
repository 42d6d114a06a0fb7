// Package notes keeps the notes of one tenant. It is written against the tenant's database
// alone: there is no other that it could reach.
package notes

import (
	"context"
	"errors"
	"strings"

	"github.com/silokit/silo/examples/service/gen/tenant"
)

// The errors of a Repository besides those of the database.
var (
	// ErrEmpty is returned for a note without a text.
	ErrEmpty = errors.New("a note needs a text")

	// ErrUnknown is returned for a note that is not there.
	ErrUnknown = errors.New("no such note")
)

// Repository is the notes of a tenant. It holds nothing open and needs no closing. Its calls
// take a context that carries the same tenant.
type Repository struct{ queries *tenant.Queries }

// New returns the notes in a tenant's database.
func New(queries *tenant.Queries) *Repository { return &Repository{queries} }

// Latest returns the latest notes, newest first, at most the given number.
func (r *Repository) Latest(ctx context.Context, most int64) ([]tenant.Note, error) {
	return r.queries.ListNotes(ctx, most)
}

// Add adds a note, without the white space around its text. One that has no text is ErrEmpty.
func (r *Repository) Add(ctx context.Context, body string) (tenant.Note, error) {
	body = strings.TrimSpace(body)
	if body == "" {
		return tenant.Note{}, ErrEmpty
	}
	return r.queries.AddNote(ctx, body)
}

// Delete deletes a note. One that is not there is ErrUnknown.
func (r *Repository) Delete(ctx context.Context, id int64) error {
	deleted, err := r.queries.DeleteNote(ctx, id)
	if err == nil && deleted == 0 {
		return ErrUnknown
	}
	return err
}
