ALTER TABLE "seats" ADD CONSTRAINT "seats_pkey" PRIMARY KEY ("row", "place") INCLUDE ("guest");
