DROP VIEW "counted";
DROP VIEW "written";
DROP VIEW "people";
ALTER TABLE "users" ALTER COLUMN "email" TYPE text;
CREATE VIEW "people" AS
SELECT users.id,
    users.email
   FROM users
  WHERE ((users.email)::text <> ''::text);
ALTER VIEW "people" ALTER COLUMN "email" SET DEFAULT ('nobody'::character varying);
COMMENT ON COLUMN "people"."email" IS 'Where to write';
COMMENT ON VIEW "people" IS 'All of them';
GRANT SELECT, UPDATE ("email") ON TABLE "people" TO "app";
CREATE VIEW "written" AS
SELECT p.email,
    a.age
   FROM (people p
     JOIN ages a ON ((a.id = p.id)));
ALTER VIEW "written" OWNER TO "keeper";
CREATE VIEW "counted" AS
SELECT count(*) AS n
   FROM written;
GRANT SELECT ON TABLE "counted" TO "app" WITH GRANT OPTION;
-- as a script: can't alter type of column users.email without a look at the database: view ages may stand on it, and its catalog alone tells how
