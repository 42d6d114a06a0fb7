-- +goose Up
CREATE TABLE bad (
  id INTEGER PRIMARY KEY,
  made INTEGER NOT NULL DEFAULT CURRENT_TIMESTAMP,
  score REAL DEFAULT (datetime('now')),
  done BOOLEAN NOT NULL DEFAULT CURRENT_TIMESTAMP,
  often BOOLEAN DEFAULT 'yes',
  count INTEGER DEFAULT 1.5,
  share REAL DEFAULT 'none',
  name TEXT DEFAULT x'00',
  bytes BLOB DEFAULT 0,
  at DATETIME NOT NULL DEFAULT 0,
  till TIMESTAMP DEFAULT '',
  seen DATETIME DEFAULT (unixepoch()),
  hour DATETIME DEFAULT CURRENT_TIME,
  meta JSON DEFAULT (jsonb('{}')),
  id32 INTEGER DEFAULT 'a long default that is surely no number of any kind at all, whatever one does',
  millis INTEGER DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE strictly (a INTEGER DEFAULT 'x') STRICT;
CREATE TABLE good (
  id INTEGER PRIMARY KEY,
  count INTEGER DEFAULT '7',
  made INTEGER DEFAULT (strftime('%s', 'now')),
  whole INTEGER DEFAULT 2.0,
  share REAL DEFAULT 1,
  done BOOLEAN DEFAULT '1',
  name TEXT DEFAULT 5,
  bytes BLOB DEFAULT '',
  at DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
  day DATE DEFAULT CURRENT_DATE,
  meta JSON DEFAULT 7,
  own INTEGER DEFAULT 'own',
  text INTEGER DEFAULT 'text',
  millis INTEGER DEFAULT (unixepoch() * 1000),
  none INTEGER DEFAULT NULL
);
