CREATE VIEW "people" AS SELECT id, age FROM users;
ALTER TABLE "users" ALTER "email" DROP NOT NULL;
