// Package sqlitefault has SQLite's files fail, for tests: the nth write of the log with a
// full disk, the sync of the database with an error, and the like. Tests and the
// test kit alone import it; make verify holds that.
//
// It stands between SQLite and the operating system as a VFS
// (https://www.sqlite.org/vfs.html) that opens files as the default one does and then
// replaces some of a file's methods. Files of folders that nobody has named to [Below]
// keep their own methods.
package sqlitefault
