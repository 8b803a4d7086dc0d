-- dunlin: repeatable
DROP VIEW IF EXISTS seen_notes;
CREATE VIEW seen_notes AS SELECT id FROM notes;
