package driver

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	_ "modernc.org/sqlite" // the driver for SQL by hand
)

// Main reads tasks from in, one JSON object a line, runs them on some workers, and writes
// the verdicts to out in the same form.
func Main(ctx context.Context, in io.Reader, out io.Writer, registered map[string]Open, settings Settings) error {
	folder, err := os.MkdirTemp("", "silo-corpus-run-")
	if err != nil {
		return err
	}
	tasks := make(chan Task)
	failed := make([]error, settings.Workers+1)
	var workers sync.WaitGroup
	var writing sync.Mutex
	encoder := json.NewEncoder(out)
	for n := range settings.Workers {
		workers.Go(func() {
			for task := range tasks {
				place := filepath.Join(folder, task.Package)
				verdicts := runTask(ctx, task, registered[task.Package], place, settings)
				writing.Lock()
				for _, v := range verdicts {
					failed[n] = errors.Join(failed[n], encoder.Encode(v))
				}
				writing.Unlock()
				failed[n] = errors.Join(failed[n], os.RemoveAll(place))
			}
		})
	}
	scanner := bufio.NewScanner(in)
	scanner.Buffer(nil, 64<<20)
	for scanner.Scan() {
		var task Task
		if err := json.Unmarshal(scanner.Bytes(), &task); err != nil {
			failed[settings.Workers] = err
			break
		}
		tasks <- task
	}
	close(tasks)
	workers.Wait()
	return errors.Join(errors.Join(failed...), scanner.Err(), os.RemoveAll(folder))
}

// Settings says how to run tasks.
type Settings struct {
	Seed           uint64
	Draws, Workers int
}

// runTask runs a unit. What stops it as a whole is said of each query.
func runTask(ctx context.Context, task Task, open Open, folder string, settings Settings) []Verdict {
	err := errors.New("its code is not registered")
	if open != nil {
		err = os.MkdirAll(folder, 0o700)
	}
	if err == nil {
		var verdicts []Verdict
		if verdicts, err = Run(ctx, task, open, folder, settings.Seed, settings.Draws); err == nil {
			return verdicts
		}
	}
	var verdicts []Verdict
	for _, q := range task.Queries {
		verdicts = append(verdicts, Verdict{Package: task.Package, Query: q.Name, Skipped: fmt.Sprintf("it cannot be run: %v", err)})
	}
	return verdicts
}
