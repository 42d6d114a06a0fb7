package corpus

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"gopkg.in/yaml.v3"
)

// settings is what the configuration of a project says of one block.
type settings struct {
	schema, queries []string
	options         map[string]any // of sqlc's Go generator, under its names
	overrides       any            // overrides.go of the whole file
	block           map[string]any // what else of the block changes what sqlc accepts
}

// errOtherEngine says that a configuration has no block for SQLite.
var errOtherEngine = errors.New("no block is for SQLite")

// readSettings reads a configuration of sqlc, version 1 or 2. It is no stricter than
// finding the blocks takes.
func readSettings(data []byte) ([]settings, error) {
	var file map[string]any
	if err := yaml.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	all := blocksOfVersion2(file)
	if fmt.Sprint(file["version"]) == "1" {
		all = blocksOfVersion1(file)
	}
	if len(all) == 0 {
		return nil, errOtherEngine
	}
	return all, nil
}

func blocksOfVersion2(file map[string]any) []settings {
	var all []settings
	overrides, _ := file["overrides"].(map[string]any)
	for _, entry := range list(file["sql"]) {
		block, _ := entry.(map[string]any)
		if block["engine"] != "sqlite" {
			continue
		}
		gen, _ := block["gen"].(map[string]any)
		options, _ := gen["go"].(map[string]any)
		if options == nil {
			options = siloBlock(block)
		}
		all = append(all, settings{
			schema: texts(block["schema"]), queries: texts(block["queries"]),
			options: clone(options), overrides: overrides["go"], block: kept(block),
		})
	}
	return all
}

// siloBlock returns the options of a project that has been moved to Silo, but for those
// that the tool gives every project.
func siloBlock(block map[string]any) map[string]any {
	for _, entry := range list(block["codegen"]) {
		plugin, _ := entry.(map[string]any)
		if plugin["plugin"] != "silo" {
			continue
		}
		options, _ := plugin["options"].(map[string]any)
		own := clone(options)
		for _, name := range []string{"kind", "migrations"} {
			delete(own, name)
		}
		return own
	}
	return nil
}

func blocksOfVersion1(file map[string]any) []settings {
	var all []settings
	overrides := map[string]any{}
	for _, key := range []string{"overrides", "rename"} {
		if value, ok := file[key]; ok {
			overrides[key] = value
		}
	}
	for _, entry := range list(file["packages"]) {
		block, _ := entry.(map[string]any)
		if block["engine"] != "sqlite" {
			continue
		}
		s := settings{schema: texts(block["schema"]), queries: texts(block["queries"]), options: map[string]any{}, block: kept(block)}
		if len(overrides) > 0 {
			s.overrides = overrides
		}
		for key, value := range block {
			switch key {
			case "engine", "schema", "queries", "database", "analyzer", "rules", "strict_function_checks", "strict_order_by":
			case "name":
				s.options["package"] = value
			case "path":
				s.options["out"] = value
			default:
				s.options[key] = value
			}
		}
		if s.options["package"] == nil {
			s.options["package"] = path.Base(fmt.Sprint(s.options["out"]))
		}
		all = append(all, s)
	}
	return all
}

// kept returns the keys of a block that change what sqlc accepts. A database counts
// only in memory: nothing outside the corpus tool's own folders is opened.
func kept(block map[string]any) map[string]any {
	result := map[string]any{}
	for _, key := range []string{"strict_function_checks", "strict_order_by", "analyzer"} {
		if value, ok := block[key]; ok {
			result[key] = value
		}
	}
	if database, ok := block["database"].(map[string]any); ok && strings.Contains(fmt.Sprint(database["uri"]), ":memory:") {
		result["database"] = map[string]any{"uri": ":memory:"}
	}
	return result
}

func clone(options map[string]any) map[string]any {
	result := map[string]any{}
	for key, value := range options {
		result[key] = value
	}
	return result
}

func list(value any) []any {
	values, _ := value.([]any)
	return values
}

// texts returns a string, or the strings of a list.
func texts(value any) []string {
	switch value := value.(type) {
	case string:
		return []string{value}
	case []any:
		var all []string
		for _, entry := range value {
			all = append(all, fmt.Sprint(entry))
		}
		return all
	default:
		return nil
	}
}
