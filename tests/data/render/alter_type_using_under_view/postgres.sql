DROP VIEW "numbers";
ALTER TABLE "users" ALTER COLUMN "email" TYPE integer USING CAST(email AS integer);
CREATE VIEW "numbers" AS
SELECT users.id,
    ((users.email)::integer + 1) AS number
   FROM users;
-- as a script: can't alter type of column users.email without a look at the database: view numbers may stand on it, and its catalog alone tells how
