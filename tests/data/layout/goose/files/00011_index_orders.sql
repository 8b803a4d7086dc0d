-- +goose Up
CREATE INDEX orders_user_id ON orders (user_id);;
CREATE INDEX orders_placed_on ON orders (placed_on);

-- +goose Down
DROP INDEX orders_placed_on;
DROP INDEX orders_user_id;
