package dev

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/silokit/silo/cmd/internal/wiring"
)

// failure is what keeps the program from being built, as it is shown.
type failure struct{ show func(io.Writer) }

func (f *failure) Error() string {
	var text strings.Builder
	f.show(&text)
	return strings.TrimSpace(text.String())
}

// said is a failure that a command has explained.
func said(output []byte) error {
	text := strings.TrimRight(string(output), "\n") + "\n"
	return &failure{func(w io.Writer) { fmt.Fprint(w, text) }}
}

// builder makes the program of its sources.
type builder struct {
	*Options
	tree    *tree
	folder  string // a temporary one, for binaries
	name    string // of the program
	count   int    // of binaries
	rewires bool   // an injector has changed, and wire has not succeeded since
	relists bool   // Go has changed, and what it embeds was not asked since
}

// binary is a program that was built.
type binary struct {
	path string
	sum  [sha256.Size]byte
}

// build generates, wires and builds. changed are the files that have changed since the last round. files are those of this
// round: what it writes itself is put in there.
func (b *builder) build(ctx context.Context, changed []string, files snapshot) (*binary, error) {
	b.rewires = b.rewires || slices.ContainsFunc(changed, isInjector)
	b.relists = b.relists || slices.ContainsFunc(changed, func(path string) bool { return filepath.Ext(path) == ".go" })
	if b.Generate != nil {
		written, err := b.Generate(ctx)
		if err != nil {
			return nil, &failure{func(w io.Writer) { b.Explain(w, err) }}
		}
		files.accept(written)
	}
	if b.rewires {
		if err := b.wire(ctx, files); err != nil {
			return nil, err
		}
	}
	built, err := b.compile(ctx)
	var f *failure
	if errors.As(err, &f) && strings.Contains(f.Error(), "wire_gen.go:") {
		// Whoever changes a constructor changes what wire writes.
		if err := b.wire(ctx, files); err != nil {
			return nil, err
		}
		built, err = b.compile(ctx)
	}
	if err == nil && b.relists {
		b.findEmbedded(ctx, files)
		b.relists = false
	}
	return built, err
}

// isInjector reports whether a file is for wire.
func isInjector(path string) bool {
	if filepath.Ext(path) != ".go" {
		return false
	}
	injector, err := wiring.IsInjector(path)
	return err == nil && injector
}

// wire has wire write its files, if the module has it. If it has not, what the compiler says tells more.
func (b *builder) wire(ctx context.Context, files snapshot) error {
	b.rewires = true
	found, err := wiring.Find(b.Module)
	if err != nil {
		return err
	}
	cmd, err := found.Command(ctx, "gen")
	if errors.Is(err, wiring.ErrNoTool) || len(found.Packages) == 0 {
		b.rewires = false
		return nil
	}
	if err != nil {
		return err
	}
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := run(ctx, cmd, tidying); err != nil {
		return whatFailed(ctx, err, output.Bytes())
	}
	b.rewires = false
	for _, folder := range found.Packages {
		files.accept([]string{filepath.Join(b.Module, filepath.FromSlash(folder), "wire_gen.go")})
	}
	return nil
}

// compile has go build the program, to a file of its own.
func (b *builder) compile(ctx context.Context) (*binary, error) {
	b.count++
	path := filepath.Join(b.folder, strconv.Itoa(b.count), b.name)
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	// The state of the repository is no part of the program: a commit is no reason to start it anew.
	cmd := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-o", path, b.Package) //nolint:gosec // it is what was asked for
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := run(ctx, cmd, tidying); err != nil {
		return nil, whatFailed(ctx, err, output.Bytes())
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("go build has made no program of %s: %w", b.Package, err)
	}
	return &binary{path, sha256.Sum256(data)}, nil
}

// whatFailed returns why a command has failed: what it has said or, if it could not be run, that.
func whatFailed(ctx context.Context, err error, output []byte) error {
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &exit) && len(bytes.TrimSpace(output)) > 0:
		return said(output)
	}
	return err
}

// findEmbedded asks which files the program embeds. If that fails, those that were known stay. A file that was
// known may have changed since the round began, which is for the next to see.
func (b *builder) findEmbedded(ctx context.Context, files snapshot) {
	cmd := exec.CommandContext(ctx, "go", "list", "-deps", "-json=Dir,EmbedFiles", b.Package) //nolint:gosec // likewise
	var output bytes.Buffer
	cmd.Stdout = &output
	if run(ctx, cmd, tidying) != nil {
		return
	}
	var embedded, found []string
	for decoder := json.NewDecoder(&output); ; {
		var listed struct {
			Dir        string
			EmbedFiles []string
		}
		if decoder.Decode(&listed) != nil {
			break
		}
		for _, name := range listed.EmbedFiles {
			file := filepath.Join(listed.Dir, filepath.FromSlash(name))
			if !strings.HasPrefix(file, b.Module+string(filepath.Separator)) {
				continue
			}
			embedded = append(embedded, file)
			if _, known := files[file]; !known {
				found = append(found, file)
			}
		}
	}
	b.tree.embeds(embedded)
	files.accept(found)
}
