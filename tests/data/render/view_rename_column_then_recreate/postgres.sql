ALTER VIEW "above" RENAME COLUMN "email" TO "address";
CREATE OR REPLACE VIEW "people" AS
SELECT id, email, age FROM users;
