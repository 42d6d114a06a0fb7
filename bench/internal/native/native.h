// The part of SQLite's interface that the loops use, https://www.sqlite.org/c3ref/intro.html,
// declared here because the amalgamation lies in another module.
#ifndef NATIVE_H
#define NATIVE_H

#include <stdlib.h>

typedef struct sqlite3 sqlite3;
typedef struct sqlite3_stmt sqlite3_stmt;
typedef long long sqlite3_int64;

#define SQLITE_ROW 100
#define SQLITE_DONE 101
#define SQLITE_INTEGER 1
#define SQLITE_FLOAT 2
#define SQLITE_TEXT 3
#define SQLITE_BLOB 4
#define SQLITE_NULL 5
#define SQLITE_PREPARE_PERSISTENT 1

int sqlite3_open(const char *, sqlite3 **);
int sqlite3_close(sqlite3 *);
int sqlite3_exec(sqlite3 *, const char *, int (*)(void *, int, char **, char **), void *, char **);
const char *sqlite3_errmsg(sqlite3 *);
int sqlite3_changes(sqlite3 *);
int sqlite3_prepare_v3(sqlite3 *, const char *, int, unsigned int, sqlite3_stmt **, const char **);
int sqlite3_finalize(sqlite3_stmt *);
int sqlite3_step(sqlite3_stmt *);
int sqlite3_reset(sqlite3_stmt *);
int sqlite3_bind_int64(sqlite3_stmt *, int, sqlite3_int64);
int sqlite3_bind_double(sqlite3_stmt *, int, double);
int sqlite3_bind_text(sqlite3_stmt *, int, const char *, int, void (*)(void *));
int sqlite3_bind_blob(sqlite3_stmt *, int, const void *, int, void (*)(void *));
int sqlite3_bind_null(sqlite3_stmt *, int);
int sqlite3_column_count(sqlite3_stmt *);
int sqlite3_column_type(sqlite3_stmt *, int);
int sqlite3_column_bytes(sqlite3_stmt *, int);
sqlite3_int64 sqlite3_column_int64(sqlite3_stmt *, int);
double sqlite3_column_double(sqlite3_stmt *, int);
const unsigned char *sqlite3_column_text(sqlite3_stmt *, int);
const void *sqlite3_column_blob(sqlite3_stmt *, int);

// value is what is bound to a parameter: of kind SQLITE_INTEGER, i; of SQLITE_FLOAT, d; of
// SQLITE_TEXT and SQLITE_BLOB, the n bytes at p.
typedef struct value {
	int kind, n;
	sqlite3_int64 i;
	double d;
	const char *p;
} value;

int bind(sqlite3_stmt *stmt, const value *values, int sets, int params, int i);
int loop(sqlite3_stmt *stmt, const value *values, int sets, int params, int from, int n);
int loop_tx(sqlite3_stmt *begin, sqlite3_stmt *commit, sqlite3_stmt *stmt, const value *values, int sets, int params, int from, int n, int rows);

#endif
