ALTER TABLE "users" OWNER TO "app";
