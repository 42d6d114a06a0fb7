// Package sqlcrun runs sqlc in a process of its own, for sqlc ends the process when
// it finds an error. It is the only package that links sqlc, which takes minutes to
// compile.
package sqlcrun

import (
	"github.com/sqlc-dev/sqlc/pkg/cli"

	"github.com/silokit/silo/cmd/internal/codegen"
)

// Main is the whole of the child process that [codegen.ChildArg] asks for. It returns
// the exit code.
func Main(args []string) int {
	return cli.Run(args)
}

// IsChild reports whether the arguments, without the program's name, are those of
// the child process.
func IsChild(args []string) bool {
	return len(args) > 0 && args[0] == codegen.ChildArg
}
