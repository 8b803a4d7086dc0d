CREATE TABLE "users" (
  "id" bigint NOT NULL,
  "email" varchar(255),
  CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);
GRANT SELECT, UPDATE ("email") ON TABLE "users" TO "app";
