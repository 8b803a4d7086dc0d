BEGIN;
INSERT INTO tags (id, label) VALUES (1, 'new');
COMMIT;
BEGIN;
UPDATE tags SET label = 'newer' WHERE id = 1;
COMMIT;
