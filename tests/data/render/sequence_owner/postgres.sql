ALTER SEQUENCE "orders" OWNER TO "app";
