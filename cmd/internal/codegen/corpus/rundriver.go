package corpus

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	gotoken "go/token"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/silokit/silo/cmd/internal/codegen/corpus/driver"
)

// The driver is copied into the module of generated code: what lies below cmd/internal
// cannot be imported from there.
//
//go:embed driver/*.go session.go.txt
var driverSource embed.FS

// draws is how many times each query is run with arguments of its own.
const draws = 8

// running bounds the run of all queries.
const running = time.Hour

// compareAll runs what was generated beside the same SQL by hand.
func (b *bench) compareAll(ctx context.Context, trials []*trial) error {
	tasks, byName := b.tasks(trials)
	if len(byName) == 0 {
		return nil
	}
	if err := b.writeDriver(trials); err != nil {
		return err
	}
	out, err := b.goCommand(ctx, "build", "-o", "run.exe", "./run")
	if err != nil {
		return err
	}
	if out.code != 0 {
		return fmt.Errorf("build the program that runs the queries: %s", strings.TrimSpace(out.stderr))
	}
	settings, err := json.Marshal(driver.Settings{Seed: b.Seed, Draws: draws, Workers: max(b.Workers, 1)})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, running)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(b.Keep, "run.exe"), string(settings))
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(tasks), &stdout, &stderr
	ended := cmd.Run()
	judged, err := b.judge(&stdout, byName)
	if ended != nil {
		err = fmt.Errorf("run the queries: %w: %s", errors.Join(ended, ctx.Err()), firstLine(stderr.String()))
	}
	for key, q := range byName {
		if !judged[key] && q.Class == Accepted {
			q.judge(NotTried, "the program that runs the queries ended before its unit was done")
		}
	}
	return err
}

// tasks returns what the driver reads, and the queries by package and name.
func (b *bench) tasks(trials []*trial) ([]byte, map[string]*Query) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	byName := map[string]*Query{}
	for _, t := range trials {
		task := driver.Task{Package: t.project.pkg, Overridden: t.project.options.chosen()}
		for _, q := range t.queries {
			if q.Class == Accepted {
				task.Queries = append(task.Queries, driver.Query{Name: q.Name, Command: q.Command, Statement: byHand(q.statement), Promised: q.statement.promises()})
				byName[t.project.pkg+" "+q.Name] = q
			}
		}
		if len(task.Queries) > 0 {
			_ = encoder.Encode(task) // into memory, and of types that can be encoded
		}
	}
	return text.Bytes(), byName
}

func (b *bench) writeDriver(trials []*trial) error {
	files := map[string]string{}
	entries, err := driverSource.ReadDir("driver")
	if err != nil {
		return err
	}
	for _, entry := range entries {
		data, err := driverSource.ReadFile(path.Join("driver", entry.Name()))
		if err != nil {
			return err
		}
		if !strings.HasSuffix(entry.Name(), "_test.go") {
			files["driver/"+entry.Name()] = string(data)
		}
	}
	session, err := driverSource.ReadFile("session.go.txt")
	if err != nil {
		return err
	}
	files["run/main.go"] = string(session)
	var imports, entriesText strings.Builder
	for _, t := range trials {
		if t.accepted() {
			fmt.Fprintf(&imports, "\t%[1]s \"%[2]s/%[1]s/gen\"\n", t.project.pkg, moduleName)
			files[t.project.pkg+"/gen/corpus_unexported.go"] = t.unexported()
			fmt.Fprintf(&entriesText, "\t\t%[1]q: tenant(%[2]s.Open, %[2]s.New, %[2]s.CorpusUnexported),\n", t.project.pkg, t.project.pkg)
		}
	}
	files["run/registered.go"] = fmt.Sprintf("package main\n\nimport (\n%s\n\t\"%s/driver\"\n)\n\nfunc registered() map[string]driver.Open {\n\treturn map[string]driver.Open{\n%s\t}\n}\n",
		imports.String(), moduleName, entriesText.String())
	return writeFiles(b.Keep, files)
}

// unexported is a file of the generated package that lets the driver call the queries
// whose names begin with a lower-case letter.
func (t *trial) unexported() string {
	var methods strings.Builder
	for _, q := range t.queries {
		if q.Class == Accepted && !gotoken.IsExported(q.Name) {
			fmt.Fprintf(&methods, "\t\t%q: q.%s,\n", q.Name, q.Name)
		}
	}
	return fmt.Sprintf("package %s\n\n// CorpusUnexported returns methods by their names.\nfunc CorpusUnexported(q *Queries) map[string]any {\n\treturn map[string]any{\n%s\t}\n}\n",
		t.unit.packageName(), methods.String())
}

func (t *trial) accepted() bool {
	for _, q := range t.queries {
		if q.Class == Accepted {
			return true
		}
	}
	return false
}

// judge reads the driver's verdicts, and returns for which queries there are some.
func (b *bench) judge(verdicts *bytes.Buffer, byName map[string]*Query) (judged map[string]bool, err error) {
	judged = map[string]bool{}
	decoder := json.NewDecoder(verdicts)
	for decoder.More() {
		var v driver.Verdict
		if err := decoder.Decode(&v); err != nil {
			return judged, fmt.Errorf("read the verdicts: %w", err)
		}
		judged[v.Package+" "+v.Query] = true
		q := byName[v.Package+" "+v.Query]
		if q == nil {
			return judged, fmt.Errorf("there is a verdict on %s of %s, which was not asked for", v.Query, v.Package)
		}
		q.Draws, q.Rows = v.Draws, v.Rows
		switch {
		case v.Wrong != "":
			q.judge(Wrong, v.Wrong)
		case v.Skipped != "":
			q.judge(NotComparable, v.Skipped)
		case v.Never != "":
			q.judge(Never, v.Never)
		}
	}
	return judged, nil
}
