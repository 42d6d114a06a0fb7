package infer_test

import (
	"context"
	"strings"
	"testing"

	"github.com/silokit/silo/cmd/internal/codegen/infer"
)

// expressions are written "expression = TYPE", with ? behind what can be NULL.
const expressions = `
1 = INTEGER
-5 = INTEGER
1_000_000 = INTEGER
0xff = INTEGER
9223372036854775807 = INTEGER
9223372036854775808 = REAL
1.5e3 = REAL
.5 = REAL
'x' = TEXT
x'0102' = BLOB
NULL = NULL?
TRUE = BOOLEAN
NOT FALSE = BOOLEAN
CURRENT_TIMESTAMP = TEXT
CURRENT_DATE || ' ' || CURRENT_TIME = TEXT
n = INTEGER
m = INTEGER?
n + 1 = INTEGER
n + m = INTEGER?
n * 1.5 = REAL
n / 2 = INTEGER
n / 0 = INTEGER?
n % 3 = INTEGER
n / m = INTEGER?
r / 2 = REAL
n & 1 = INTEGER
n << 2 = INTEGER
~n = INTEGER
-r = REAL
t + 1 = REAL
n > 1 = BOOLEAN
n > m = BOOLEAN?
n = 1 AND m = 2 = BOOLEAN?
n IS m = BOOLEAN
n IS NOT NULL = BOOLEAN
m ISNULL = BOOLEAN
n IS DISTINCT FROM m = BOOLEAN
n IS NOT DISTINCT FROM m = BOOLEAN
n BETWEEN 1 AND 2 = BOOLEAN
n NOT BETWEEN m AND 2 = BOOLEAN?
n IN (1, 2) = BOOLEAN
n IN (1, m) = BOOLEAN?
n NOT IN (SELECT n FROM a) = BOOLEAN
n IN a1 = BOOLEAN?
n IN (1) + 2 = INTEGER
1 + NOT n = INTEGER
(n, t) = (1, 'a') = BOOLEAN
(n, m) < (1, 2) = BOOLEAN?
t LIKE 'a%' = BOOLEAN
t LIKE 'a%' ESCAPE '\' = BOOLEAN
t LIKE 'a' ESCAPE NULL = BOOLEAN?
t GLOB '*' AND t LIKE 'x' ESCAPE '!' = BOOLEAN
t || u = TEXT?
t || n = TEXT
t COLLATE NOCASE = TEXT
EXISTS (SELECT 1) = BOOLEAN
NOT EXISTS (SELECT n FROM a WHERE n > 3) = BOOLEAN
(SELECT 1) = INTEGER
(SELECT n FROM a LIMIT 1) = INTEGER?
(SELECT count(*) FROM a) = INTEGER
(SELECT max(n) FROM a) = INTEGER?
CASE WHEN n > 1 THEN 'a' ELSE 'b' END = TEXT
CASE WHEN n > 1 THEN 'a' END = TEXT?
CASE n WHEN 1 THEN 1 ELSE 0.5 END = REAL
CASE WHEN n > 1 THEN 1 ELSE 'b' END = unknown
CASE WHEN n > 1 THEN d ELSE NULL END = DATETIME?
CAST(t AS INTEGER) = INTEGER
CAST(u AS REAL) = REAL?
CAST(n AS TEXT) = TEXT
CAST(t AS BLOB) = BLOB
CAST(t AS NUMERIC) = REAL
CAST(n AS VARCHAR(5)) = TEXT
CAST(n > 1 AS BOOLEAN) = BOOLEAN
CAST(d AS DATETIME) = unknown
CAST(d AS DATE) = unknown
CAST(j AS JSON) = unknown
abs(n) = INTEGER
abs(r) = REAL
abs(m) = INTEGER?
char(65, 66) = TEXT
coalesce(m, 0) = INTEGER
coalesce(m, 0.5) = REAL
coalesce(m, r) = REAL
coalesce(u, t) = TEXT
coalesce(n, 'never') = INTEGER
coalesce(m, 'x') = unknown
coalesce(d, CURRENT_TIMESTAMP) = DATETIME
coalesce(o, CURRENT_TIMESTAMP) = DATETIME
coalesce(o, datetime('now', '+1 day')) = DATETIME
coalesce(o, datetime(t)) = TEXT?
coalesce(o, '') = TEXT
coalesce(j, '{}') = JSON
coalesce(k, '{}') = JSON
coalesce(k, 'no json') = unknown
concat(t, u, n) = TEXT
concat_ws(',', t, u) = TEXT
format('%d', n) = TEXT
printf('%s', t) = TEXT
glob('*', t) = BOOLEAN
like('a', t) = BOOLEAN
hex(b) = TEXT
hex(u) = TEXT
ifnull(m, 1) = INTEGER
ifnull(u, '') = TEXT
iif(n > 1, 1, 2) = INTEGER
iif(n > 1, t) = TEXT?
if(n > 1, t, 'x') = TEXT
instr(t, 'a') = INTEGER
instr(u, 'a') = INTEGER?
length(t) = INTEGER
length(u) = INTEGER?
likelihood(n, 0.5) = INTEGER
likely(n > 1) = BOOLEAN
lower(t) = TEXT
upper(u) = TEXT?
ltrim(t, 'x') = TEXT
rtrim(t) = TEXT
trim(t) = TEXT
max(n, 5) = INTEGER
max(n, 5.5) = REAL
min(n, m) = INTEGER?
max(d, d) = DATETIME
nullif(t, '') = TEXT?
nullif(n, 0) = INTEGER?
octet_length(t) = INTEGER
quote(u) = TEXT
random() = INTEGER
randomblob(4) = BLOB
replace(t, 'a', 'b') = TEXT
round(r) = REAL
round(n, 2) = REAL
sign(n) = INTEGER
sign(t) = INTEGER?
soundex(t) = TEXT
substr(t, 1, 2) = TEXT
substring(u, 2) = TEXT?
substr(b, 1) = BLOB?
substr(k ->> 'a', 1) = TEXT?
typeof(u) = TEXT
unhex('00') = BLOB?
unicode(t) = INTEGER?
unistr(t) = TEXT
zeroblob(4) = BLOB
sqlite_version() = TEXT
changes() = INTEGER
last_insert_rowid() = INTEGER
date(d) = TEXT
date(o) = TEXT?
date(t) = TEXT?
date('now') = TEXT
date('now', '-7 days') = TEXT
date('now', 'start of month', '+1 month', '-1 day') = TEXT
date('now', '-1 dya') = TEXT?
date(d, '+1 day') = TEXT?
datetime('now', 'localtime') = TEXT
datetime() = TEXT
time('now') = TEXT
julianday('now') - julianday(d) = REAL
julianday(t) = REAL?
strftime('%Y-%m', d) = TEXT
strftime('%Y-%m', o) = TEXT?
strftime('%s', 'now') = TEXT
strftime('%Q', 'now') = TEXT?
CAST(strftime('%s', 'now') AS INTEGER) = INTEGER
unixepoch() = INTEGER
unixepoch('now') = INTEGER
unixepoch('now', '-1 hour') = INTEGER
unixepoch('now', 'subsec') = REAL
unixepoch(d) = INTEGER
timediff(d, d) = TEXT?
json(j) = TEXT
json_array(1, t) = TEXT
json_array_length(j) = INTEGER
json_array_length(j, '$.a') = INTEGER?
json_extract(j, '$.a') = unknown?
json_extract(j, '$.a') + 1 = REAL?
j -> '$.a' = TEXT?
j ->> '$.a' = unknown?
CAST(j ->> '$.a' AS TEXT) = TEXT?
json_insert(j, '$.b', 1) = TEXT
json_object('a', n) = TEXT
json_patch(j, '{}') = TEXT
json_pretty(j) = TEXT
json_quote(t) = TEXT
json_remove(j, '$.a') = TEXT?
json_replace(j, '$.a', u) = TEXT
json_set(j, '$.a', 2) = TEXT
json_set(j, iif(u = '$.x', u), 2) = TEXT?
json_type(j) = TEXT
json_type(j, '$.a') = TEXT?
json_valid(t) = BOOLEAN
json_valid(u) = BOOLEAN?
jsonb(j) = BLOB
json_error_position(t) = INTEGER
acos(0.5) = REAL?
atan2(n, r) = REAL
ceil(r) = REAL
ceil(n) = INTEGER
cos(r) = REAL
degrees(r) = REAL
exp(1) = REAL
floor(r) = REAL
ln(r) = REAL?
log(10, n) = REAL?
mod(n, 2) = REAL?
pi() = REAL
pow(n, 2) = REAL?
radians(n) = REAL
sin(t) = REAL?
sqrt(r) = REAL?
trunc(r) = REAL
count(*) = INTEGER
count(DISTINCT m) = INTEGER
count(*) FILTER (WHERE n > 1) = INTEGER
sum(n) = INTEGER?
sum(r) = REAL?
sum(t) = REAL?
sum(n > 1) = INTEGER?
sum(CASE WHEN n > 1 THEN 1 ELSE 0 END) = INTEGER?
coalesce(sum(n), 0) = INTEGER
coalesce(avg(n), 0) = REAL
round(avg(r), 2) = REAL?
total(n) = REAL
avg(n) = REAL?
min(t) = TEXT?
max(d) = DATETIME?
max(n) - min(n) = INTEGER?
group_concat(t) = TEXT?
group_concat(t, ', ' ORDER BY n DESC) = TEXT?
string_agg(t, ',') = TEXT?
json_group_array(t) = TEXT
json_group_array(json_object('n', n)) = TEXT
json_group_object(t, n) = TEXT
row_number() OVER (ORDER BY n) = INTEGER
rank() OVER (PARTITION BY t ORDER BY n) = INTEGER
dense_rank() OVER w = INTEGER
percent_rank() OVER w = REAL
cume_dist() OVER w = REAL
ntile(4) OVER w = INTEGER
lag(n) OVER w = INTEGER?
lag(n, 1, 0) OVER w = INTEGER
lead(t, 2, '') OVER w = TEXT
lead(t, 2, u) OVER w = TEXT?
first_value(n) OVER (ORDER BY n) = INTEGER
last_value(t) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) = TEXT?
nth_value(n, 2) OVER w = INTEGER?
sum(n) OVER (ORDER BY n) = INTEGER
avg(n) OVER (ORDER BY n ROWS 2 PRECEDING) = REAL?
count(*) OVER () = INTEGER
max(d) FILTER (WHERE n > 1) OVER () = DATETIME?
sum(n) * 1.0 / sum(sum(n)) OVER () = REAL?
rowid = INTEGER
`

func TestEachFunctionAndOperatorHasItsType(t *testing.T) {
	conn, err := open(t).Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	s := &schema{conn: conn, views: map[string]string{}, known: map[string][]infer.Column{}}
	for _, statement := range []string{
		"CREATE TABLE a (n INTEGER NOT NULL, m INTEGER, r REAL NOT NULL, t TEXT NOT NULL, u TEXT, b BLOB NOT NULL, d DATETIME NOT NULL, o DATETIME, j JSON NOT NULL, k JSON)",
		"CREATE TABLE a1 (n INTEGER)",
		`INSERT INTO a VALUES (1, NULL, 0.5, 'a', NULL, x'', '2024-05-06 07:08:09.123', NULL, '{"a": [1]}', NULL)`,
		`INSERT INTO a VALUES (-2, 0, -1, '', '$.x', x'00', '0000-01-01 00:00:00.000', '9999-12-31 23:59:59.999', '5', '"x"')`,
	} {
		if !s.exec(statement) {
			t.Fatal(statement)
		}
	}
	for line := range strings.Lines(strings.TrimSpace(expressions)) {
		at := strings.LastIndex(line, " = ")
		expression, want := line[:at], strings.TrimSpace(line[at+3:])
		window := ""
		if strings.Contains(expression, "OVER w") {
			window = " WINDOW w AS (ORDER BY n)"
		}
		statement := "SELECT " + expression + " AS o_0 FROM a" + window
		none := "SELECT " + expression + " AS o_0 FROM a WHERE false" + window
		if !s.check(t, statement, true) || !s.check(t, none, true) {
			t.Errorf("SQLite does not run %s", statement)
		}
		result, err := infer.Statement(tokens(statement), nil, s, nil)
		if err != nil {
			t.Errorf("%s: %v", expression, err)
			continue
		}
		got := result.Outputs[0].Type.String()
		if result.Outputs[0].Nullable {
			got += "?"
		}
		if got != want {
			t.Errorf("%s is %s, not %s", expression, got, want)
		}
	}
}
