-- +goose NO TRANSACTION
-- +goose Up
CREATE INDEX CONCURRENTLY products_price ON products (price);
-- +goose Down
DROP INDEX CONCURRENTLY products_price;
