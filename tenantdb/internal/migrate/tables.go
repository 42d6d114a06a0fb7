package migrate

// tables are where it is recorded which migrations of a set have run on a database. The
// global file has two sets, the application's and the catalog's, each with its own.
type tables struct {
	version string // goose's
	ledger  string // what goose does not record
	mark    string // the query of ReadMark, which is cached by its text
}

func tablesNamed(version, ledger string) *tables {
	return &tables{version: version, ledger: ledger,
		mark: "SELECT max(id), count(*), sum(is_applied <> 0) FROM " + version}
}

// applicationTables are those of every set but the catalog's: goose's own default, so that
// its command works on a file.
func applicationTables() *tables { return tablesNamed("goose_db_version", "silo_migration") }

// catalogTables are those of Silo's own set.
func catalogTables() *tables { return tablesNamed("silo_goose_db_version", "silo_catalog_migration") }
