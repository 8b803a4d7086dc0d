CREATE TABLE größe (é TEXT, 名前 TEXT DEFAULT '終;わり');
INSERT INTO größe VALUES ('🦆;', '—'); SELECT 名前 FROM größe;
