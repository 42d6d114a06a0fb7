// Command corpus tries the generator on a folder of sqlc projects, and prints what
// became of each query:
//
//	go run ./cmd/internal/tools/corpus [flags] DIR
//
// It ends with 1 when something that was generated does not compile or is wrong.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"

	"github.com/silokit/silo/cmd/internal/cli"
	"github.com/silokit/silo/cmd/internal/codegen"
	"github.com/silokit/silo/cmd/internal/codegen/corpus"
	"github.com/silokit/silo/cmd/internal/codegen/plugin"
)

func main() {
	// This program is also the silo that it tries, and that silo's sqlc and plugin.
	if len(os.Args) > 1 && (os.Args[1] == codegen.ChildArg || os.Args[1] == plugin.Method || os.Args[1] == "generate") {
		os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	sound, err := run()
	if err != nil {
		fmt.Fprintln(os.Stderr, "corpus:", err)
		os.Exit(2)
	}
	if !sound {
		os.Exit(1)
	}
}

func run() (bool, error) {
	var options corpus.Options
	flag.StringVar(&options.Silo, "silo", "", "the silo to try (default: this program, built from this checkout)")
	flag.StringVar(&options.Checkout, "checkout", ".", "the folder of Silo's module")
	flag.StringVar(&options.Keep, "keep", "", "a folder for the generated module, to look at it afterwards")
	flag.Uint64Var(&options.Seed, "seed", 1, "what rows and arguments are drawn from")
	flag.IntVar(&options.Workers, "workers", runtime.NumCPU(), "how many units are tried at the same time")
	asJSON := flag.Bool("json", false, "print JSON")
	reasons := flag.String("reasons", "", "a file to write the reasons to, by frequency")
	flag.Parse()
	if flag.NArg() != 1 {
		return false, errors.New("name one folder: go run ./cmd/internal/tools/corpus DIR")
	}
	options.Root, options.Progress = flag.Arg(0), os.Stderr
	var err error
	if options.Silo == "" {
		options.Silo, err = os.Executable()
	} else {
		options.Silo, err = filepath.Abs(options.Silo)
	}
	if err != nil {
		return false, err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	report, err := corpus.Run(ctx, options)
	if err != nil {
		return false, err
	}
	if *reasons != "" {
		if err := writeReasons(*reasons, report); err != nil {
			return false, err
		}
	}
	if *asJSON {
		encoder := json.NewEncoder(os.Stdout)
		encoder.SetIndent("", "  ")
		return report.Sound(), encoder.Encode(report)
	}
	report.Print(os.Stdout)
	return report.Sound(), nil
}

func writeReasons(name string, report *corpus.Report) (err error) {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	report.PrintReasons(file)
	return nil
}
