package sqlite

import sqlite3 "modernc.org/sqlite/lib"

// verified says that the SQLite at hand is the one whose source frames.go and adopt.go
// were written by. They go by what happens within a commit and a close, which another
// version may do otherwise without any name being another. With another one both are left
// out, and a test fails, to be mended by reading them anew beside it.
const verified = sqlite3.SQLITE_VERSION_NUMBER == 3054001
