// Command silo generates typed Go for databases of which every tenant has one, and
// looks after them. Run silo help for its commands.
package main

import (
	"os"

	"github.com/silokit/silo/cmd/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
