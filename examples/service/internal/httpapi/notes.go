package httpapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/silokit/silo/tenantdb/tenanthttp"

	"github.com/silokit/silo/examples/service/internal/notes"
)

// mostNotes is how many notes a list has at most.
const mostNotes = 100

func listNotes(q Request, w http.ResponseWriter, r *http.Request) error {
	latest, err := q.Notes.Latest(r.Context(), mostNotes)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, latest)
}

func addNote(q Request, w http.ResponseWriter, r *http.Request) error {
	var body struct {
		Body string `json:"body"`
	}
	if err := read(r, &body); err != nil {
		return err
	}
	added, err := q.Notes.Add(r.Context(), body.Body)
	if errors.Is(err, notes.ErrEmpty) {
		return &tenanthttp.Problem{Status: http.StatusUnprocessableEntity, Detail: "A note needs a text, in the field body."}
	}
	if err != nil {
		return err
	}
	q.Totals.Refresh(r.Context())
	return reply(w, http.StatusCreated, added)
}

func deleteNote(q Request, w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err == nil {
		err = q.Notes.Delete(r.Context(), id)
	}
	if errors.Is(err, notes.ErrUnknown) || errors.Is(err, strconv.ErrSyntax) || errors.Is(err, strconv.ErrRange) {
		return &tenanthttp.Problem{Status: http.StatusNotFound, Detail: "There is no such note."}
	}
	if err != nil {
		return err
	}
	q.Totals.Refresh(r.Context())
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// reply answers in JSON.
func reply(w http.ResponseWriter, status int, answer any) error {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(answer)
}
