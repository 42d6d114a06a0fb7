package codegen

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/silokit/silo/cmd/internal/codegen/problem"
)

// memory is what a run leaves behind for the next, in the user's cache folder: what it
// read, and what came of it. When neither has changed, nothing is done again.
type memory struct {
	Config   string            // the path of the configuration
	Inputs   string            // a digest of the program, the configuration and every file read
	Outputs  []remembered      // in the order of the plan
	Outs     []string          // the folders of the packages
	Warnings []problem.Problem // to be said again
}

// remembered is a generated file.
type remembered struct{ Path, Digest string }

// cacheFile returns the place of what is kept about a configuration. There is none
// where the system has no cache folder.
func cacheFile(config, extension string) (string, bool) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", false
	}
	return filepath.Join(dir, "silo", "generate", digestOf([]byte(config))+extension), true
}

// memoryFile returns the place of a project's memory.
func memoryFile(config string) (string, bool) { return cacheFile(config, ".json") }

// digestOf returns the SHA-256 of data in hexadecimal.
func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// inputs returns the digest of everything that a run depends on. ok is false when the
// program cannot be told from another version of it.
func (g *generation) inputs(config []byte) (digest string, ok bool) {
	program, err := os.Stat(g.self)
	if err != nil {
		return "", false
	}
	hash := sha256.New()
	add := func(name, text string) { fmt.Fprintf(hash, "%q %q\n", name, text) }
	add(g.self, fmt.Sprint(program.Size(), program.ModTime().UnixNano()))
	add(g.file, string(config))
	add("warnings", fmt.Sprint(g.problems.Warnings())) // of other files, such as go.mod
	for _, b := range g.blocks {
		add(b.ImportPath, b.schemaName)
		add("types", fmt.Sprint(b.unfit))
		for _, m := range b.migrations {
			add(m.path, m.file)
		}
		for _, file := range b.files {
			add(file.path, file.text)
		}
		for _, name := range b.beside(g.root) {
			add(name, "")
		}
	}
	return hex.EncodeToString(hash.Sum(nil)), true
}

// memoryOf reads what an earlier run left behind. There is nothing when it cannot be
// read.
func memoryOf(file string) (m memory) {
	data, err := os.ReadFile(file)
	if err != nil || json.Unmarshal(data, &m) != nil {
		return memory{}
	}
	return m
}

// outsOfOthers returns the places of the packages of all configurations that are
// remembered beside one and are still there.
func outsOfOthers(place string) map[string]bool {
	outs := map[string]bool{}
	files, _ := filepath.Glob(filepath.Join(filepath.Dir(place), "*.json"))
	for _, file := range files {
		m := memoryOf(file)
		if _, err := os.Stat(m.Config); file == place || err != nil {
			continue
		}
		for _, out := range m.Outs {
			outs[resolved(filepath.Dir(m.Config), out)] = true
		}
	}
	return outs
}

// recall returns the plan of an earlier run of which every input and every generated
// file is as it was.
func (g *generation) recall(m memory, inputs string) (*Plan, bool) {
	if m.Inputs != inputs {
		return nil, false
	}
	plan := &Plan{root: g.root, outs: m.Outs}
	for _, output := range m.Outputs {
		contents, err := os.ReadFile(plan.path(output.Path))
		if err != nil || digestOf(contents) != output.Digest {
			return nil, false
		}
		plan.Files = append(plan.Files, File{Path: output.Path, Contents: contents})
	}
	for _, p := range m.Warnings {
		g.problems.Put(p)
	}
	return plan, true
}

// keeping is what a plan needs to be remembered once it is carried out.
type keeping struct{ file, config, inputs string }

// remember keeps the plan for the next run. That it cannot be kept costs only time, so
// it is no error.
func (p *Plan) remember() {
	if p.keep.file == "" {
		return
	}
	m := memory{Config: p.keep.config, Inputs: p.keep.inputs, Outs: p.outs, Warnings: p.Warnings}
	for _, f := range p.Files {
		m.Outputs = append(m.Outputs, remembered{Path: f.Path, Digest: digestOf(f.Contents)})
	}
	data, err := json.Marshal(m)
	if err != nil || os.MkdirAll(filepath.Dir(p.keep.file), 0o755) != nil {
		return
	}
	temporary, err := os.CreateTemp(filepath.Dir(p.keep.file), "new-*")
	if err != nil {
		return
	}
	_, err = temporary.Write(data)
	if closed := temporary.Close(); err != nil || closed != nil || os.Rename(temporary.Name(), p.keep.file) != nil {
		_ = os.Remove(temporary.Name())
	}
	removeOlder(filepath.Dir(p.keep.file), "*", forgetAfter)
}

// forgetAfter is how long what is kept about a project outlasts its last change.
const forgetAfter = 90 * 24 * time.Hour

// removeOlder removes the files and folders in a folder that match a pattern and have
// not changed for some time. What cannot be removed stays.
func removeOlder(dir, pattern string, age time.Duration) {
	found, _ := filepath.Glob(filepath.Join(dir, pattern))
	for _, name := range found {
		if info, err := os.Stat(name); err == nil && time.Since(info.ModTime()) > age {
			_ = os.RemoveAll(name)
		}
	}
}
