package corpus

import (
	"encoding/json"
	"fmt"
	"regexp"

	"github.com/silokit/silo/cmd/internal/codegen/corpus/driver"
)

// override is an entry of a project's overrides.
type override struct {
	text   string           // as JSON, which YAML is too
	chosen *driver.Override // the columns of which it chooses the Go type; nil when of none
}

func newOverride(entry any) override {
	fields, _ := entry.(map[string]any)
	fields = clone(fields)
	goType, ok := fields["go_type"]
	if ok {
		fields["go_type"] = importable(goType)
	}
	data, err := json.Marshal(fields)
	if err != nil { // such as a map whose keys are no strings
		data = []byte("{}")
	}
	o := override{text: string(data)}
	if ok {
		text := func(key string) string {
			value, _ := fields[key].(string)
			return value
		}
		o.chosen = &driver.Override{Column: text("column"), Type: text("db_type")}
	}
	return o
}

// internal matches the part of an import path that keeps others from importing it.
var internal = regexp.MustCompile(`(^|/)internal(/|$|\.)`)

// importable is a Go type of a package that the bench's module may import. What stands
// in for one that is internal to the project has another path, for Go looks at no more.
func importable(goType any) any {
	switch goType := goType.(type) {
	case string:
		return internal.ReplaceAllString(goType, "${1}internals${2}")
	case map[string]any:
		result := clone(goType)
		if path, ok := result["import"]; ok {
			result["import"] = importable(fmt.Sprint(path))
		}
		return result
	default:
		return goType
	}
}

// chosen returns the columns of which a project chooses the Go types.
func (o *siloOptions) chosen() []driver.Override {
	var all []driver.Override
	for _, override := range o.overrides {
		if override.chosen != nil {
			all = append(all, *override.chosen)
		}
	}
	return all
}
