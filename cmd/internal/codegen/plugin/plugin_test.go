package plugin_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/silokit/silo/cmd/internal/codegen/plugin"
)

// request is the beginning of what sqlc v1.31.1 sends: all fields, by the names of
// the protocol, 64-bit numbers as text and bytes as base64.
const request = `{"settings":{"version":"2","engine":"sqlite","schema":["0/schema"],"queries":["0/queries"],
"codegen":{"out":"0/out","plugin":"silo","options":"e30=","env":[],"process":{"cmd":"/bin/silo"},"wasm":null}},
"catalog":{"comment":"","default_schema":"main","name":"main","schemas":[]},
"queries":[{"text":"SELECT ?1","name":"GetOne","cmd":":one","columns":[],"params":[
{"number":1,"column":{"name":"limit","not_null":true,"type":{"catalog":"","schema":"","name":"integer"},"is_sqlc_slice":false}}],
"comments":[],"filename":"00000000.sql","insert_into_table":null}],
"sqlc_version":"v1.31.1","plugin_options":"e30=","global_options":""}`

func TestEchoReturnsTheRequestAsItsOneFile(t *testing.T) {
	var out bytes.Buffer
	if err := plugin.Echo(strings.NewReader(request), &out); err != nil {
		t.Fatal(err)
	}
	var response struct {
		Files []struct {
			Name     string
			Contents []byte
		}
	}
	if err := json.Unmarshal(out.Bytes(), &response); err != nil {
		t.Fatal(err)
	}
	if len(response.Files) != 1 || response.Files[0].Name != plugin.RequestFile || string(response.Files[0].Contents) != request {
		t.Errorf("the response is %s", out.Bytes())
	}
}

func TestEchoReportsWhatItCannotRead(t *testing.T) {
	broken := errors.New("broken pipe")
	err := plugin.Echo(iotest.ErrReader(broken), &bytes.Buffer{})
	if !errors.Is(err, broken) {
		t.Errorf("the error is %v", err)
	}
}

func TestDecodeFindsWhatEachParameterIs(t *testing.T) {
	r, err := plugin.Decode([]byte(request))
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := r.Type("GetOne", 1); !ok || got != "integer" {
		t.Errorf("found %v, %q", ok, got)
	}
	for query, number := range map[string]int{"GetOne": 2, "GetTwo": 1} {
		if got, ok := r.Type(query, number); ok {
			t.Errorf("parameter %d of %s is %v", number, query, got)
		}
	}
}

func TestDecodeRefusesWhatIsNoRequest(t *testing.T) {
	for _, data := range []string{"", "{", "[]", "{}", `{"sqlc_version":""}`, `{"sqlc_version":"v1","queries":{}}`} {
		if _, err := plugin.Decode([]byte(data)); err == nil {
			t.Errorf("%q was taken for a request", data)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(request))
	f.Add([]byte(`{"sqlc_version":"v1","queries":[{"params":[{"column":null}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := plugin.Decode(data)
		if err != nil {
			return
		}
		for _, q := range r.Queries {
			for _, p := range q.Params {
				if _, ok := r.Type(q.Name, p.Number); !ok {
					t.Errorf("parameter %d of %q was not found", p.Number, q.Name)
				}
			}
		}
	})
}
