CREATE TABLE "hens" (
  "id" bigint NOT NULL,
  "egg_id" bigint,
  CONSTRAINT "hens_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "eggs" (
  "id" bigint NOT NULL,
  "hen_id" bigint,
  CONSTRAINT "eggs_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "eggs_hen" FOREIGN KEY ("hen_id") REFERENCES "hens" ("id")
);
ALTER TABLE "hens" ADD CONSTRAINT "hens_egg" FOREIGN KEY ("egg_id") REFERENCES "eggs" ("id");
