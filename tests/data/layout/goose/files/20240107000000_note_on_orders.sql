-- +goose Up
ALTER TABLE orders ADD COLUMN note varchar(200) NOT NULL DEFAULT '';
