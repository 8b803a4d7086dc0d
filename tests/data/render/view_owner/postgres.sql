ALTER VIEW "adults" OWNER TO "app";
