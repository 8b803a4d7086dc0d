ALTER TABLE "seats"
  DROP CONSTRAINT "seats_pkey",
  ADD CONSTRAINT "seats_pkey" PRIMARY KEY ("row", "place") DEFERRABLE INITIALLY IMMEDIATE;
COMMENT ON CONSTRAINT "seats_pkey" ON "seats" IS 'one guest each';
