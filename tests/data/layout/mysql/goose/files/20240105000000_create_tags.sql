-- +goose Up
SET foreign_key_checks = 0;
CREATE TABLE tags (id INT PRIMARY KEY, label VARCHAR(20), parent_id INT, FOREIGN KEY (parent_id) REFERENCES tags (id));
INSERT INTO tags VALUES (1, 'hot; new', 2), (2, 'all', NULL);
SET foreign_key_checks = 1;

-- +goose Down
SET foreign_key_checks = 0;
DROP TABLE tags;
