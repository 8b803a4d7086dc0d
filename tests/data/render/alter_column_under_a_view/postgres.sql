ALTER TABLE "users" ALTER COLUMN "email" SET DEFAULT 'nobody';
