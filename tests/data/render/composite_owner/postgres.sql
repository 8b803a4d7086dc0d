ALTER TYPE "address" OWNER TO "app";
