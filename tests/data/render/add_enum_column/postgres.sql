ALTER TABLE "users"
  ADD COLUMN "kind" text NOT NULL DEFAULT 'x',
  ADD CONSTRAINT "users_kind_check" CHECK ("kind" IN ('x', 'y'));
