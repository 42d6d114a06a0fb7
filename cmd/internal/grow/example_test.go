package grow_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/silokit/silo/cmd/internal/grow"
)

func ExampleNewMigration() {
	dir, err := os.MkdirTemp("", "silo-example-")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	m, err := grow.NewMigration(dir, "add_due_date", time.Now())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(filepath.Base(m.Path))
	fmt.Print(m.Text)
	// Output:
	// 00001_add_due_date.sql
	// -- +goose Up
	//
	// -- +goose Down
}
