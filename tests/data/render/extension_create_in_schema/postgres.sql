CREATE EXTENSION "hstore" SCHEMA "audit";
