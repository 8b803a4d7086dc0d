CREATE FUNCTION greet(who text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
-- +goose ENVSUB ON
    greeting text := 'hello';
-- +goose ENVSUB OFF
BEGIN
    RETURN greeting || ' ${SHOP_GREETING}, ' || who;
END;
$$;

CREATE TABLE greetings (
    id integer PRIMARY KEY,
    text varchar(20) DEFAULT 'hi',
    template text DEFAULT '$SHOP_GREETING'
);
