// Command run shows that the runtime takes goose migrations only.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/silokit/silo/cmd/internal/codegen/testdata/65_schema_and_queries_in_one_file/want/gen"
	"github.com/silokit/silo/tenantdb"
)

func main() {
	ctx := context.Background()
	dir, err := tenantdb.Open(ctx, tenantdb.Options{Path: os.Args[1]})
	if err != nil {
		panic(err)
	}
	_, err = gen.Open(ctx, dir)
	fmt.Println(err)
	if err := dir.Close(); err != nil {
		panic(err)
	}
}
