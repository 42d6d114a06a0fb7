// Command demo shows what Silo does in a few seconds: it builds and starts the
// quickstart service on a temporary folder, has two tenants write and read over HTTP,
// lets the compiler refuse a program that mixes up databases, shows the files, and
// cleans up. It ends with an error when anything is not as it says. Run it in a
// checkout of Silo: make demo, or go run ./examples/demo.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"time"
)

// patience is the most that the whole demo may take. Compiling SQLite for the first
// time is most of it.
const patience = 10 * time.Minute

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	ctx, cancel := context.WithTimeout(ctx, patience)
	err := run(ctx, os.Stdout)
	cancel()
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// demo is one run.
type demo struct {
	out  io.Writer
	temp string // the folder of all that the demo makes
	data string // the service's data folder, in temp
	url  string // of the running service
}

func run(ctx context.Context, out io.Writer) (err error) {
	temp, err := os.MkdirTemp("", "silo-demo-")
	if err != nil {
		return err
	}
	d := &demo{out: out, temp: temp, data: filepath.Join(temp, "data")}
	defer func() {
		if removeErr := os.RemoveAll(temp); err == nil {
			err = removeErr
		}
	}()

	d.title("The quickstart service, on an empty data folder")
	d.say("Building it. The first time the compiler has SQLite to translate, which takes about a minute.")
	binary, err := d.build(ctx)
	if err != nil {
		return err
	}
	service, err := d.start(ctx, binary)
	if err != nil {
		return err
	}
	defer service.kill()
	d.say("It listens on %s and has created the tenants acme and globex.", d.url)

	for _, step := range []func(context.Context) error{d.tenants, d.strangers, d.summaries, d.wrongHandle} {
		if err := step(ctx); err != nil {
			return err
		}
	}

	if err := service.stop(); err != nil {
		return err
	}
	d.title("The service has stopped; these are the files")
	if err := d.files(); err != nil {
		return err
	}
	d.title("Done, and the data is removed")
	d.say("Go on with README.md and examples/quickstart.")
	return nil
}

func (d *demo) title(text string) { fmt.Fprintf(d.out, "\n== %s\n", text) }

func (d *demo) say(format string, args ...any) { fmt.Fprintf(d.out, format+"\n", args...) }

// files lists what lies on disk.
func (d *demo) files() error {
	var names []string
	err := filepath.WalkDir(d.data, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(d.data, path)
		if err != nil {
			return err
		}
		names = append(names, filepath.ToSlash(name))
		d.say("  %8d bytes  %s", info.Size(), filepath.ToSlash(name))
		return nil
	})
	if err != nil {
		return err
	}
	for _, name := range []string{"global.db", "tenants/acme.db", "tenants/globex.db"} {
		if !slices.Contains(names, name) {
			return fmt.Errorf("there is no file %s", name)
		}
	}
	d.say("One file a tenant, and one for what is known about all. While a file is open, its\nlog lies beside it (-wal, -shm): stop the service before you copy files by hand.")
	return nil
}
