-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION greet(who text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
-- +goose ENVSUB ON
    greeting text := '${SHOP_GREETING:-hello}';
-- +goose ENVSUB OFF
BEGIN
    RETURN greeting || ' ${SHOP_GREETING}, ' || who;
END;
$$;
-- +goose StatementEnd

CREATE TABLE greetings (
    id integer PRIMARY KEY,
-- +goose ENVSUB ON
    text varchar(20) DEFAULT '${SHOP_GREETING-hi}',
-- +goose ENVSUB OFF
    template text DEFAULT '$SHOP_GREETING'
);

-- +goose Down
DROP TABLE greetings;
-- +goose ENVSUB ON
DROP FUNCTION ${SHOP_FUNCTION:-greet}(text);
