ALTER TYPE "mood" ADD VALUE 'bored';
ALTER TABLE "person" ALTER COLUMN "mood" SET DEFAULT 'bored';
