ALTER TABLE "users" ALTER COLUMN "bio" SET ("n_distinct" = '-0.5');
