CREATE TABLE "users" (
  "id" bigint NOT NULL,
  "age" integer,
  CONSTRAINT "users_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "of_age" CHECK (age > 17)
);
COMMENT ON CONSTRAINT "of_age" ON "users" IS 'It''s the law';
COMMENT ON CONSTRAINT "users_pkey" ON "users" IS 'The key';
