-- +goose Up
-- This one was planned and never written.

-- +goose Down
-- Nor was its way back.
