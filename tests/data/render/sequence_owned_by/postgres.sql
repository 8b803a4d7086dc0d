ALTER SEQUENCE "orders" OWNED BY "bill"."number";
