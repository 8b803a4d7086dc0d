DROP TRIGGER refuse_versions ON __diesel_schema_migrations;
DROP FUNCTION refuse_versions();
