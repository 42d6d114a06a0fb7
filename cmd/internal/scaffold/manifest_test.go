package scaffold

import (
	"bytes"
	"errors"
	"io"
	"path"
	"slices"
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
			for _, line := range []string{"accessModes: [ReadWriteOncePod]", "replicas: 1", "type: Recreate", "runAsNonRoot: true", "readOnlyRootFilesystem: true", "- {name: NOTES_DATA, value: /data/notes}"} {
				if !strings.Contains(string(file.Contents), " "+line+"\n") {
					t.Errorf("%s: %s has no line %q", resolver, file.Path, line)
				}
			}
		}
	}
}

// deployed returns a file of the service notes with a resolver.
func deployed(t *testing.T, resolver Resolver, name string) string {
	t.Helper()
	s := notes(t)
	s.Resolver = resolver
	for _, file := range mustRender(t, s) {
		if file.Path == name {
			return string(file.Contents)
		}
	}
	t.Fatalf("there is no %s", name)
	return ""
}

func TestTheImageHoldsTheBinaryAndItsFolderAndRunsAsNobodyElse(t *testing.T) {
	for _, resolver := range Resolvers {
		t.Run(string(resolver), func(t *testing.T) {
			var stages, copied, user []string
			for line := range strings.Lines(deployed(t, resolver, "Dockerfile")) {
				words := strings.Fields(line)
				switch {
				case len(words) == 0 || strings.HasPrefix(words[0], "#"):
				case words[0] == "FROM":
					stages, copied = append(stages, words[1]), nil
				case words[0] == "COPY":
					copied = append(copied, words[len(words)-1])
				case words[0] == "USER":
					user = words[1:]
				case words[0] == "RUN" || words[0] == "ADD":
					t.Errorf("there is nothing to run in it: %s", line)
				}
			}
			want := []string{"/notes", "/data"}
			if resolver == JWT {
				want = []string{"/notes", "/etc/ssl/certs/", "/data"}
			}
			if stages[len(stages)-1] != "scratch" || !slices.Equal(copied, want) || !slices.Equal(user, []string{"65532:65532"}) {
				t.Errorf("it is made of %q, holds %q and runs as %q; want %q", stages, copied, user, want)
			}
		})
	}
}
