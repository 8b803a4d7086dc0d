CREATE TABLE "users" (
  "id" bigint NOT NULL,
  "email" varchar(255) NOT NULL NO INHERIT,
  "age" integer
);
CREATE TABLE "members" (
  "since" date
) INHERITS ("users");
