// Command house checks what no other tool of make verify does: which package imports
// which, that modernc.org/libc is the version that modernc.org/sqlite was tested with,
// that no file grows beyond what one reads at a sitting, and that the tests exist which hold
// what is said of security. It prints what is wrong, a line each, and ends with 1 if there
// is anything. Run it in the module's root.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
)

func main() {
	problems, err := check(".")
	if err != nil {
		fmt.Fprintln(os.Stderr, "house:", err)
		os.Exit(1)
	}
	for _, problem := range problems {
		fmt.Fprintln(os.Stderr, problem)
	}
	if len(problems) > 0 {
		os.Exit(1)
	}
}

// check returns what is wrong with the module in dir.
func check(dir string) (problems []string, err error) {
	for _, of := range []func(string) ([]string, error){importProblems, libcProblems, lengthProblems, evidenceProblems} {
		more, err := of(dir)
		if err != nil {
			return nil, err
		}
		problems = append(problems, more...)
	}
	return problems, nil
}

// goTool runs the go command in dir and returns what it prints.
func goTool(dir string, args ...string) ([]byte, error) {
	cmd := exec.Command("go", args...) //nolint:noctx // the make target is interrupted as a whole
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("go %v: %w", args, err), errors.New(stderr.String()))
	}
	return out, nil
}
