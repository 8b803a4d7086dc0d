CREATE TABLE seed (id INT PRIMARY KEY, body TEXT);
INSERT INTO seed (id, body) VALUES
  (1, 'line one;
line two; -- not a comment
DELIMITER // is not a command here
'),
  (2, '{"a": "b;\\"c\\""}'),
  (3, "tab\t;");
REPLACE INTO seed SELECT 4, IF(1, 'begin', 'end');
INSERT INTO seed SET id = 5, body = REPEAT('x;', 3)
