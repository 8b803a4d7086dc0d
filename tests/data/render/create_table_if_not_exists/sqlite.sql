CREATE TABLE "new" (
  "id" INTEGER NOT NULL,
  CONSTRAINT "new_pkey" PRIMARY KEY ("id")
);
