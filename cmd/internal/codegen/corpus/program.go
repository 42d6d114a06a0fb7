package corpus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// patience bounds one run of sqlc or Silo on one unit: neither should take a hundredth
// of it.
const patience = 2 * time.Minute

// output is what a program printed, and how it ended.
type output struct {
	stdout, stderr string
	code           int
}

// run runs a program in a folder. A program that ends with an error is none here.
func run(ctx context.Context, limit time.Duration, dir, program string, args ...string) (output, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = dir
	cmd.WaitDelay = time.Second
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "SQLC") {
			cmd.Env = append(cmd.Env, entry)
		}
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	result := output{stdout: stdout.String(), stderr: stderr.String()}
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return result, fmt.Errorf("run %s: %w", program, ctx.Err())
	case errors.As(err, &exit):
		result.code = exit.ExitCode()
	case err != nil:
		return result, fmt.Errorf("run %s: %w", program, err)
	}
	return result, nil
}
