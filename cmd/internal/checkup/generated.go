package checkup

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen"
	"github.com/silokit/silo/cmd/internal/codegen/config"
	"github.com/silokit/silo/cmd/internal/codegen/problem"
	"github.com/silokit/silo/cmd/internal/wiring"
)

// checkConfig looks whether the configuration can be read.
func (p *project) checkConfig(context.Context) error {
	data, err := os.ReadFile(p.Config)
	if err != nil {
		return err
	}
	blocks, problems := config.Parse(filepath.Base(p.Config), data)
	p.blocks, p.unread = blocks, problems.Len() > 0
	p.addProblems(problems.Err())
	return nil
}

// addProblems adds what the generator has found, and reports whether that is all that the error is.
func (p *project) addProblems(err error) bool {
	var found *problem.Found
	if !errors.As(err, &found) {
		return err == nil
	}
	for _, f := range found.Problems {
		if f.Severity == problem.Error {
			p.found = append(p.found, Finding{Kind: p.kindOf(f.File), Path: f.File, Line: f.Line, Problem: f.Text(), Next: "run silo generate when it is mended"})
		}
	}
	return true
}

// kindOf is what a problem is about, by the file that it is in.
func (p *project) kindOf(file string) Kind {
	for _, block := range p.blocks {
		for _, entry := range block.Schema {
			if matches, _ := path.Match(path.Clean(entry), file); matches || path.Dir(file) == path.Clean(entry) {
				return Migrations
			}
		}
	}
	if file == filepath.Base(p.Config) {
		return Config
	}
	return Generated
}

// checkGenerated looks whether the generated files are what silo generate would write.
func (p *project) checkGenerated(ctx context.Context) error {
	if p.unread || len(p.blocks) == 0 {
		return nil // the problems are the same
	}
	plan, err := codegen.NewPlan(ctx, codegen.Options{Config: p.Config, Self: p.Self})
	if err != nil {
		if ctx.Err() == nil && p.addProblems(err) {
			return nil
		}
		return err
	}
	changes, err := plan.Compare()
	if err != nil {
		if p.addProblems(err) {
			return nil
		}
		return err
	}
	wanted := map[string][]byte{}
	for _, file := range plan.Files {
		wanted[file.Path] = file.Contents
	}
	for _, change := range changes {
		switch {
		case change.State == codegen.Fresh:
		case change.State == codegen.Stale && p.otherDigest(change.Path, wanted[change.Path]):
			p.add(Migrations, change.Path, "run silo generate, or undo the edit", "the migrations were edited since it was generated, so a program with both does not open its files")
		default:
			p.add(Generated, change.Path, "run silo generate", "it is %s", change.State)
		}
	}
	return nil
}

// digest matches what generated code records of its migrations.
var digest = regexp.MustCompile(`Digest: +"[0-9a-f]{64}"`)

// otherDigest reports whether a generated file was made of other migrations.
func (p *project) otherDigest(name string, wanted []byte) bool {
	there, err := os.ReadFile(filepath.Join(p.root, filepath.FromSlash(name)))
	if err != nil {
		return false
	}
	was, is := digest.Find(there), digest.Find(wanted)
	return was != nil && is != nil && !bytes.Equal(was, is)
}

// checkWire looks whether the injectors are what wire would write.
func (p *project) checkWire(ctx context.Context) error {
	if p.mod == nil {
		return nil
	}
	found, err := wiring.Find(p.module)
	if err != nil || len(found.Packages) == 0 {
		return err
	}
	cmd, err := found.Command(ctx, "diff")
	if errors.Is(err, wiring.ErrNoTool) {
		p.add(Wire, p.seen("tools/go.mod"), "run go get -tool -modfile=tools/go.mod "+wiring.Tool, "there are injectors in %s, and wire is no tool of go.mod or tools/go.mod", strings.Join(found.Packages, ", "))
		return nil
	}
	if err != nil {
		return err
	}
	var differences, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &differences, &said
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &exit) && differences.Len() > 0: // where the go command cannot build wire, there are none
		gen := strings.Join(append([]string{"wire", "gen"}, found.Packages...), " ")
		p.add(Wire, "", "run go tool "+gen+", with -modfile=tools/go.mod if the tools are there", "what wire writes in %s is stale", strings.Join(found.Packages, ", "))
		return nil
	}
	p.add(Wire, "", "mend what it says, and run wire", "wire fails: %s", oneLine(said.String()))
	return nil
}
