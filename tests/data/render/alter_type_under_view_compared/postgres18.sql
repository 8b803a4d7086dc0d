DROP VIEW "adults";
ALTER TABLE "users" ALTER COLUMN "age" TYPE numeric(10,2);
CREATE VIEW "adults" AS
SELECT id,
    (age)::bigint AS age
   FROM users
  WHERE (age > 18);
-- as a script: can't alter type of column users.age without a look at the database: view adults may stand on it, and its catalog alone tells how
