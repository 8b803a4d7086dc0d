CREATE TABLE "hens" (
  "id" INTEGER NOT NULL,
  "egg_id" INTEGER,
  CONSTRAINT "hens_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "hens_egg" FOREIGN KEY ("egg_id") REFERENCES "eggs" ("id")
);
CREATE TABLE "eggs" (
  "id" INTEGER NOT NULL,
  "hen_id" INTEGER,
  CONSTRAINT "eggs_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "eggs_hen" FOREIGN KEY ("hen_id") REFERENCES "hens" ("id")
);
