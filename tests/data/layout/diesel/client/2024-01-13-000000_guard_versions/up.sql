CREATE TABLE __diesel_schema_migrations (
    version varchar(50) PRIMARY KEY NOT NULL,
    run_on timestamp NOT NULL DEFAULT current_timestamp
);
-- The tool's own table: nobody but a deployment may write it.
CREATE FUNCTION refuse_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('shop.deploys', TRUE) = 'on' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'only a deployment migrates';
END;
$$;

CREATE TRIGGER refuse_versions BEFORE INSERT ON __diesel_schema_migrations
    FOR EACH ROW EXECUTE FUNCTION refuse_versions();
