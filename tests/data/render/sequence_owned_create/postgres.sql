CREATE SEQUENCE "orders" OWNED BY "bill"."number";
