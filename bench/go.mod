module github.com/silokit/silo/bench

go 1.26.0

replace github.com/silokit/silo => ..

exclude github.com/google/pprof v0.0.0-20261016150608-1facf8f91b50

require (
	github.com/jackc/pgx/v5 v5.11.0
	github.com/mattn/go-sqlite3 v1.14.53
	github.com/pressly/goose/v3 v3.29.0
	github.com/silokit/silo v0.0.0
	golang.org/x/sys v0.49.0
	modernc.org/libc v1.79.0
	modernc.org/sqlite v1.61.1
	zombiezen.com/go/sqlite v1.4.2
)
