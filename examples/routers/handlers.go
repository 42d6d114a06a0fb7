package routers

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/silokit/silo/gen/tenant"
)

// listModules and getModule know of no tenant: they get a database that is one.
func listModules(w http.ResponseWriter, r *http.Request, db *tenant.DB) error {
	modules, err := tenant.New(db).ListModules(r.Context(), nil)
	if err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(modules)
}

func getModule(w http.ResponseWriter, r *http.Request, db *tenant.DB) error {
	module, err := tenant.New(db).GetModule(r.Context(), r.PathValue("id"))
	if err != nil {
		return err // sql.ErrNoRows is 404
	}
	return json.NewEncoder(w).Encode(module)
}

func healthy(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") }
