CREATE DOMAIN "full_name" AS character varying(80);
