ALTER TABLE "users" ADD COLUMN "kind" TEXT NOT NULL DEFAULT 'x';
ALTER TABLE "users" ADD CONSTRAINT "users_kind_check" CHECK ("kind" IN ('x', 'y'));
