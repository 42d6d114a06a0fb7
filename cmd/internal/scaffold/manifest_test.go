package scaffold

import (
	"bytes"
	"errors"
	"io"
	"path"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// TestManifestsAreWellFormedAndKeepOneWriter reads the YAML of each resolver's service, and looks
// for what must not get lost in a Kubernetes manifest of SQLite files.
func TestManifestsAreWellFormedAndKeepOneWriter(t *testing.T) {
	for _, resolver := range Resolvers {
		s := notes(t)
		s.Resolver = resolver
		for _, file := range mustRender(t, s) {
			if path.Ext(file.Path) != ".yaml" {
				continue
			}
			decoder := yaml.NewDecoder(bytes.NewReader(file.Contents))
			for {
				var document map[string]any
				err := decoder.Decode(&document)
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil || len(document) == 0 {
					t.Fatalf("%s: %s: %v", resolver, file.Path, err)
				}
			}
			if file.Path != "deploy/notes.yaml" {
				continue
			}
			for _, line := range []string{"accessModes: [ReadWriteOncePod]", "replicas: 1", "type: Recreate", "runAsNonRoot: true", "readOnlyRootFilesystem: true"} {
				if !strings.Contains(string(file.Contents), " "+line+"\n") {
					t.Errorf("%s: %s has no line %q", resolver, file.Path, line)
				}
			}
		}
	}
}
