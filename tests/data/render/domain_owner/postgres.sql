ALTER DOMAIN "positive" OWNER TO "app";
