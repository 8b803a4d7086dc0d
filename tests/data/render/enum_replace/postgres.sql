ALTER TYPE "mood" RENAME TO "mood__old";
CREATE TYPE "mood" AS ENUM ('sad', 'happy', 'ecstatic');
DROP TYPE "mood__old";
COMMENT ON TYPE "mood" IS 'Anew';
