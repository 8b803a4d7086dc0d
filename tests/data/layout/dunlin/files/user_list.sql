-- dunlin: repeatable
DROP VIEW IF EXISTS user_list;
CREATE VIEW user_list AS SELECT id, name FROM users;
