-- dunlin: repeatable
DROP VIEW IF EXISTS titles;
CREATE VIEW titles AS SELECT title FROM posts;
