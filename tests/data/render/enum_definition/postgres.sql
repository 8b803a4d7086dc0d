ALTER TYPE "mood" RENAME TO "mood__old";
CREATE TYPE "mood" AS ENUM ('happy', 'ok', 'gone');
DROP TYPE "mood__old";
