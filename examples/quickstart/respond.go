package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/silokit/silo/tenantdb"
)

// ofTenant makes a handler for one tenant's requests.
func (s *server) ofTenant(handle func(*http.Request, *Request) (any, error)) http.Handler {
	return s.withTenant(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rq, err := newRequest(r.Context(), s.app)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		out, err := handle(r, rq)
		s.respond(w, r, out, err)
	}))
}

// ofAll makes a handler for requests about all tenants.
func (s *server) ofAll(handle func(*http.Request, *App) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out, err := handle(r, s.app)
		s.respond(w, r, out, err)
	})
}

const maxBody = 64 << 10 // bytes

var errBadBody = errors.New("the body is not the JSON that is expected")

func decode(r *http.Request, into any) error {
	if err := json.NewDecoder(http.MaxBytesReader(nil, r.Body, maxBody)).Decode(into); err != nil {
		return fmt.Errorf("%w: %w", errBadBody, err)
	}
	return nil
}

func (s *server) respond(w http.ResponseWriter, r *http.Request, out any, err error) {
	if err != nil {
		s.fail(w, r, err)
		return
	}
	body, err := json.Marshal(out)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(append(body, '\n')) // nobody is left to tell of an error
}

// list makes of no rows an empty JSON list; a nil slice would be null.
func list[T any](rows []T, err error) (any, error) {
	if rows == nil {
		rows = []T{}
	}
	return rows, err
}

// answers are what clients are told of errors: words of our own, for errors name
// files and queries.
var answers = []struct {
	err    error
	status int
	text   string
}{
	{tenantdb.ErrBadID, http.StatusBadRequest, "the header X-Tenant names no tenant"},
	{errBadBody, http.StatusBadRequest, errBadBody.Error()},
	{tenantdb.ErrUnknownTenant, http.StatusNotFound, "no such tenant"},
	{tenantdb.ErrTenantGone, http.StatusNotFound, "no such tenant"},
	{sql.ErrNoRows, http.StatusNotFound, "not found"},
	{tenantdb.ErrForeignKey, http.StatusNotFound, "what this belongs to does not exist"},
	{tenantdb.ErrUnique, http.StatusConflict, "it exists already"},
	{tenantdb.ErrConstraint, http.StatusUnprocessableEntity, "the values are not allowed"},
	{tenantdb.ErrWriterBusy, http.StatusServiceUnavailable, "busy, try again"},
	{tenantdb.ErrReadersBusy, http.StatusServiceUnavailable, "busy, try again"},
	{tenantdb.ErrTooManyOpen, http.StatusServiceUnavailable, "busy, try again"},
	{tenantdb.ErrDiskFull, http.StatusInsufficientStorage, "no space left"},
	{context.Canceled, http.StatusServiceUnavailable, "cancelled"},
}

func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	status, text := http.StatusInternalServerError, "internal error"
	for _, answer := range answers {
		if errors.Is(err, answer.err) {
			status, text = answer.status, answer.text
			break
		}
	}
	if status >= http.StatusInternalServerError {
		s.logger.Error("request failed", slog.String("path", r.URL.Path), slog.Int("status", status), slog.Any("error", err))
	}
	http.Error(w, text, status)
}
