-- +goose Up
-- +goose StatementBegin
BEGIN;
CREATE TABLE shelves (id integer PRIMARY KEY);
INSERT INTO shelves VALUES (1), (2);
COMMIT;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
BEGIN;
DROP TABLE shelves;
COMMIT;
-- +goose StatementEnd
