package advice

import (
	"path"
	"regexp"
	"strings"
)

var (
	goMigration = regexp.MustCompile(`^\d+_.*\.go$`)
	otherSQL    = regexp.MustCompile(`^\d+_.*(\.(SQL|Sql|sql\..+|sql~)|\.psql)$`)
)

// Folder returns what there is to say of the files beside the migrations, given the
// paths of all files of their folder.
func Folder(paths []string) []Finding {
	var found []Finding
	for _, file := range paths {
		name := path.Base(file)
		var message string
		switch {
		case goMigration.MatchString(name) && !strings.HasSuffix(name, "_test.go"):
			message = "goose would run this as a migration and silo does not, for migrations are part of one transaction of SQL: write it in SQL, or give the file a name that does not begin with a number"
		case otherSQL.MatchString(name):
			message = "this looks like a migration and is none, for its name does not end with .sql: rename it, or move it elsewhere"
		default:
			continue
		}
		found = append(found, Finding{File: file, Line: 1, Column: 1, Message: message})
	}
	return found
}
