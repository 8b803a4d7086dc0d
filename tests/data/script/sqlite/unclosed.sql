CREATE TABLE t (id INTEGER);
INSERT INTO t VALUES ('it''s
  open; );
