-- name: Unreadable :exec
UPDATE t SET
  n = datetime('now'),
  r = CURRENT_TIMESTAMP,
  ok = 'yes',
  at = 'soon',
  name = jsonb(@name),
  meta = jsonb_object('a', 1),
  bytes = 7,
  millis = date('now')
WHERE id = @id;

-- name: MoreUnreadable :exec
INSERT INTO t (n, r, ok, at, name, meta, bytes)
VALUES ('seven', x'00', 2, randomblob(8), CAST(@name AS BLOB), zeroblob(1), 1 + 1);

-- name: Fractions :exec
INSERT INTO t (n, ok) VALUES (1.5, -1);

-- name: Readable :exec
INSERT INTO t (n, r, ok, at, name, meta, bytes, own, millis)
VALUES ('7', '1e3', '1', '2001-02-03', 5, '{}', 'text', datetime('now'), unixepoch() * 1000);

-- name: AlsoReadable :exec
UPDATE t SET n = strftime('%s', 'now'), r = 1, ok = TRUE, name = hex(bytes), meta = 7, bytes = x'', n = 2.0, ok = n > 1, n = length(name), n = name, name = bytes
WHERE id = @id;
