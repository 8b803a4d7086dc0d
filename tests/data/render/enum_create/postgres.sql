CREATE TYPE "mood" AS ENUM ('sad', 'ok', 'happy');
COMMENT ON TYPE "mood" IS 'How one feels';
REVOKE USAGE ON TYPE "mood" FROM PUBLIC;
GRANT USAGE ON TYPE "mood" TO "app";
