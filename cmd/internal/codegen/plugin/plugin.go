// Package plugin speaks the protocol between sqlc and its code generators: it hands a
// request of sqlc back to it as the one generated file, and reads such a file.
package plugin

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Method is the first argument with which sqlc starts a process plugin.
const Method = "/plugin.CodegenService/Generate"

// RequestFile is the name of the file that holds the request.
const RequestFile = "request.json"

// maxRequest bounds a request, in bytes: a thousand times what a large schema needs.
const maxRequest = 1 << 30

// Echo reads a request and answers that its bytes are what was generated.
func Echo(in io.Reader, out io.Writer) error {
	request, err := io.ReadAll(io.LimitReader(in, maxRequest+1))
	if err != nil {
		return fmt.Errorf("plugin: read the request of sqlc: %w", err)
	}
	if len(request) > maxRequest {
		return errors.New("plugin: the request of sqlc is larger than 1 GiB")
	}
	type file struct {
		Name     string `json:"name"`
		Contents []byte `json:"contents"`
	}
	type response struct {
		Files []file `json:"files"`
	}
	return json.NewEncoder(out).Encode(response{Files: []file{{Name: RequestFile, Contents: request}}})
}

// Request is what sqlc found in one block of its configuration.
type Request struct {
	Version string  `json:"sqlc_version"`
	Catalog Catalog `json:"catalog"`
	Queries []Query `json:"queries"`
}

// Catalog is the schema as sqlc read it from the migrations.
type Catalog struct {
	DefaultSchema string   `json:"default_schema"`
	Schemas       []Schema `json:"schemas"`
}

// Schema is a named set of tables.
type Schema struct {
	Name   string  `json:"name"`
	Tables []Table `json:"tables"`
}

// Table is a table, virtual table or view.
type Table struct {
	Rel Identifier `json:"rel"`
}

// Identifier is a name.
type Identifier struct {
	Name string `json:"name"`
}

// Query is a statement that sqlc accepted.
type Query struct {
	Name string `json:"name"`
}

// Has reports whether sqlc accepted a query of that name.
func (r *Request) Has(query string) bool {
	return slices.ContainsFunc(r.Queries, func(q Query) bool { return q.Name == query })
}

// Decode reads a request that sqlc wrote as JSON, its fields under the names of the
// protocol (default_schema, not defaultSchema).
func Decode(data []byte) (*Request, error) {
	var request Request
	if err := json.Unmarshal(data, &request); err != nil {
		return nil, fmt.Errorf("plugin: sqlc sent what is no request: %w", err)
	}
	if request.Version == "" {
		return nil, errors.New("plugin: sqlc sent a request without sqlc_version")
	}
	return &request, nil
}

// Tables returns the names of the tables and views of the default schema, in the
// order of the migrations.
func (r *Request) Tables() []string {
	var names []string
	for _, schema := range r.Catalog.Schemas {
		if schema.Name != r.Catalog.DefaultSchema {
			continue
		}
		for _, table := range schema.Tables {
			names = append(names, table.Rel.Name)
		}
	}
	return names
}
