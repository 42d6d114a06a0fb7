package main

import (
	"encoding/json"
	"errors"
	"log"
	"net/http"

	"github.com/silokit/silo/tenantdb"
)

// reply answers in JSON, or with an error's status and no more: errors name files.
func reply(w http.ResponseWriter, answer any, err error) {
	switch {
	case err == nil:
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(answer) // if it fails, nobody is left to tell
	case errors.Is(err, tenantdb.ErrBadID):
		http.Error(w, "the header X-Tenant names no tenant", http.StatusBadRequest)
	case errors.Is(err, tenantdb.ErrUnknownTenant):
		http.Error(w, "no such tenant", http.StatusNotFound)
	case errors.Is(err, tenantdb.ErrConstraint):
		http.Error(w, "not allowed, or there already", http.StatusConflict)
	default:
		log.Print(err)
		http.Error(w, "internal error", http.StatusInternalServerError)
	}
}
