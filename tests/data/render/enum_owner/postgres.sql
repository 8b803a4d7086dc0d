ALTER TYPE "mood" OWNER TO "app";
