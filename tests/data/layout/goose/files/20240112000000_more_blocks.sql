-- +goose Up
-- +goose StatementBegin
CREATE TABLE boxes (id integer PRIMARY KEY);
SET search_path TO nowhere;
INSERT INTO public.boxes VALUES (1)
-- +goose StatementEnd

-- +goose StatementBegin
INSERT INTO public.boxes VALUES (2);
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
SET search_path TO public;
DROP TABLE boxes
-- +goose StatementEnd
