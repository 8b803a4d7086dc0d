ALTER TABLE "users" DROP COLUMN "bio";
DROP TABLE "other";
