ALTER TYPE "mood" ADD VALUE 'meh' AFTER 'sad';
ALTER TYPE "mood" RENAME VALUE 'meh' TO 'so so';
