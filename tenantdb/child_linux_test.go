package tenantdb_test

// systemChildren are those of tests that only this system runs.
var systemChildren = map[string]func(args []string) error{
	"fillDisk":   fillDisk,
	"smallDisks": smallDisks,
	"readOnly":   readOnly,
	"fewFiles":   fewFiles,
	"failCommit": failCommit,
	"operate":    operate,
}
