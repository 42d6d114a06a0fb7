#include "native.h"

#include <string.h>

// bind binds set number i of the values, without copies.
int bind(sqlite3_stmt *stmt, const value *values, int sets, int params, int i) {
	const value *v = values + (size_t)(i % sets) * params;
	for (int param = 1; param <= params; param++, v++) {
		int code;
		switch (v->kind) {
		case SQLITE_INTEGER: code = sqlite3_bind_int64(stmt, param, v->i); break;
		case SQLITE_FLOAT: code = sqlite3_bind_double(stmt, param, v->d); break;
		case SQLITE_TEXT: code = sqlite3_bind_text(stmt, param, v->p, v->n, 0); break;
		case SQLITE_BLOB: code = sqlite3_bind_blob(stmt, param, v->p, v->n, 0); break;
		default: code = sqlite3_bind_null(stmt, param);
		}
		if (code) return code;
	}
	return 0;
}

// consume reads a row as a program does that keeps it: numbers by value, each text and blob
// in memory of its own, which is freed again.
static void consume(sqlite3_stmt *stmt, int columns) {
	volatile sqlite3_int64 i;
	volatile double d;
	for (int column = 0; column < columns; column++) {
		const void *from;
		switch (sqlite3_column_type(stmt, column)) {
		case SQLITE_INTEGER: i = sqlite3_column_int64(stmt, column); continue;
		case SQLITE_FLOAT: d = sqlite3_column_double(stmt, column); continue;
		case SQLITE_NULL: continue;
		case SQLITE_BLOB: from = sqlite3_column_blob(stmt, column); break;
		default: from = sqlite3_column_text(stmt, column);
		}
		int n = sqlite3_column_bytes(stmt, column);
		char *volatile copy = malloc(n + 1);
		memcpy(copy, from, n);
		copy[n] = 0;
		free(copy);
	}
	(void)i;
	(void)d;
}

static int run(sqlite3_stmt *stmt, int columns) {
	int code;
	while ((code = sqlite3_step(stmt)) == SQLITE_ROW) consume(stmt, columns);
	int reset = sqlite3_reset(stmt);
	return code == SQLITE_DONE ? reset : code;
}

int loop(sqlite3_stmt *stmt, const value *values, int sets, int params, int from, int n) {
	int columns = sqlite3_column_count(stmt);
	for (int i = from; i < from + n; i++) {
		int code = bind(stmt, values, sets, params, i);
		if (!code) code = run(stmt, columns);
		if (code) return code;
	}
	return 0;
}

int loop_tx(sqlite3_stmt *begin, sqlite3_stmt *commit, sqlite3_stmt *stmt, const value *values, int sets, int params, int from, int n, int rows) {
	for (int i = from; i < from + n; i++) {
		int code = run(begin, 0);
		if (!code) code = loop(stmt, values, sets, params, i, rows);
		if (!code) code = run(commit, 0);
		if (code) return code;
	}
	return 0;
}
