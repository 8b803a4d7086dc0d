DROP SEQUENCE "orders";
