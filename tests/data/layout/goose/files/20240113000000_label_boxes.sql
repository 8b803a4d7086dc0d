-- +goose NO TRANSACTION
-- +goose Up
ALTER TABLE boxes ADD COLUMN label text;
-- +goose StatementBegin
CREATE INDEX CONCURRENTLY boxes_label ON boxes (label);
CREATE INDEX CONCURRENTLY boxes_both ON boxes (id, label);
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
DROP INDEX CONCURRENTLY boxes_label;
DROP INDEX CONCURRENTLY boxes_both;
-- +goose StatementEnd
ALTER TABLE boxes DROP COLUMN label;
