CREATE TYPE "mood" AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE "person" (
  "id" bigint NOT NULL,
  "mood" mood NOT NULL DEFAULT 'ok',
  "moods" mood[],
  CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);
