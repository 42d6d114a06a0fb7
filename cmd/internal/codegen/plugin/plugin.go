// Package plugin speaks the protocol between sqlc and its code generators: it hands a
// request of sqlc back to it as the one generated file, and reads such a file.
package plugin

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	Queries []Query `json:"queries"`
}

// Query is a statement that sqlc accepted.
type Query struct {
	Name   string      `json:"name"`
	Params []Parameter `json:"params"`
}

// Parameter is a parameter of a query, as sqlc understands it.
type Parameter struct {
	Number int `json:"number"`
	Column struct {
		Type struct {
			Name string `json:"name"` // in the schema, or any
		} `json:"type"`
	} `json:"column"`
}

// Type returns the type that sqlc takes a parameter of a query for, by its number.
func (r *Request) Type(query string, number int) (string, bool) {
	for _, q := range r.Queries {
		if q.Name != query {
			continue
		}
		for _, p := range q.Params {
			if p.Number == number {
				return p.Column.Type.Name, true
			}
		}
	}
	return "", false
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
