CREATE VIEW `adults` AS SELECT id, email REGEXP '@example[.]org$' AS own FROM users;
