CREATE FUNCTION "touch"() RETURNS trigger
LANGUAGE "plpgsql"
AS $$BEGIN NEW.email := lower(NEW.email); RETURN NEW; END$$;
