-- A note for whoever comes new to this folder: each file has its -- +goose Up line,
-- and the -- +goose Down line below it may be missing.
-- The -- +goose NO TRANSACTION line is for what can't be in a transaction.

-- +goose Up
SELECT 'nothing to do';

-- +goose Down
SELECT 'nothing to undo';
