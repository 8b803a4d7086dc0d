-- +goose Up
-- +goose StatementBegin
START TRANSACTION;
CREATE TABLE shelves (id integer PRIMARY KEY);
INSERT INTO shelves VALUES (1), (2);
COMMIT;
SET SESSION sql_mode = 'ANSI_QUOTES'
-- +goose StatementEnd
-- +goose StatementBegin
INSERT INTO "shelves" VALUES (3);
CREATE TRIGGER shelves_bi BEFORE INSERT ON shelves FOR EACH ROW BEGIN SET NEW.id = NEW.id + 1; END;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
DROP TABLE `shelves`;
-- +goose StatementEnd
